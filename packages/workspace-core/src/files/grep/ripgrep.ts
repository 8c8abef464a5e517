import type { Argv } from "../../box.ts";
import { cut, type GrepLine, type GrepRequest } from "./request.ts";

/** Reads no configuration of the workspace's, follows no link, and takes nothing of the caller's for an option. */
export function ripgrepArgv({ pattern, path, literal, ignoreCase, include, context = 0 }: GrepRequest): Argv {
  return [
    "rg",
    "--json",
    "--no-config",
    "--no-messages",
    "--no-follow",
    "--hidden",
    "--sort=path",
    "--max-filesize=16M",
    `--context=${context}`,
    ...(literal === true ? ["--fixed-strings"] : []),
    ...(ignoreCase === true ? ["--ignore-case"] : []),
    ...(include === undefined ? [] : [`--glob=${include}`]),
    "--glob=!.git",
    `--regexp=${pattern}`,
    "--",
    here(path),
  ];
}

/** One line of its output; undefined for what tells of no line in text. */
export function parseRipgrep(line: string): GrepLine | undefined {
  const told = parsed(line);
  if (told === undefined) return undefined;
  if (told.type !== "match" && told.type !== "context") return undefined;
  const { path, lines, line_number: number } = told.data;
  // What is no UTF-8 comes as bytes.
  if (path.text === undefined || lines.text === undefined || number === null) return undefined;
  const text = lines.text.replace(/\r?\n$/, "");
  return { path: path.text.replace(/^\.\//, ""), line: number, text: cut(text), matches: told.type === "match" };
}

/** A line so long that it came in pieces is nothing that could be shown. */
function parsed(line: string): Told | undefined {
  try {
    return JSON.parse(line) as Told;
  } catch {
    return undefined;
  }
}

type Told =
  | {
      type: "match" | "context";
      data: { path: { text?: string }; lines: { text?: string }; line_number: number | null };
    }
  | { type: "begin" | "end" | "summary" };

/** A path that begins with a dash is none of its options. */
export function here(path: string): string {
  return path === "" ? "." : `./${path}`;
}
