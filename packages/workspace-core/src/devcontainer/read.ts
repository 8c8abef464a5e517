import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { WsError } from "../errors.ts";
import { judge } from "./judge.ts";
import type { DevcontainerReading } from "./plan.ts";

/** Where a repository may have one, the first that is there. */
export const DEVCONTAINER_PATHS = [".devcontainer/devcontainer.json", ".devcontainer.json"] as const;
/** A file beyond this was not written by hand. */
export const MOST_BYTES = 262_144;

/**
 * What the text of a devcontainer.json, at this path of its repository, asks for: what a workspace follows, what it is refused, and
 * what is left out. Throws `devcontainer_refused` where it is no JSON with comments.
 */
export function readDevcontainer(text: string, path: string): DevcontainerReading {
  const lineOf = lineCounter(text);
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: true });
  } catch {
    // It descends by calling itself.
    throw unreadable(path, 1, "it is nested too deeply");
  }
  const [first] = errors;
  if (first !== undefined) throw unreadable(path, lineOf(first.offset), said(first));
  if (root?.type !== "object") throw unreadable(path, 1, "it holds no object");
  return judge(root, { path, lineOf });
}

/** `InvalidCommaToken` as words. */
function said({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}

function unreadable(path: string, line: number, reason: string): WsError<"devcontainer_refused"> {
  return new WsError("devcontainer_refused", {
    message: `${path} cannot be read: line ${line}, ${reason}.`,
    next: "Put that right in the repository, or name it again with --clone and leave --devcontainer out.",
    data: { file: path, line, property: "" },
  });
}

/** Lines from 1, for offsets into the text. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
