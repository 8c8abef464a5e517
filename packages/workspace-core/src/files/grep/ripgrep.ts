import type { Argv } from "../../box.ts";
import { cut, type GrepLine, type GrepRequest } from "./request.ts";

/** Larger files are not searched, in bytes. */
export const LARGEST = 16 * 1024 * 1024;

/** Takes nothing of the caller's for an option. */
export function ripgrepArgv(request: GrepRequest): Argv {
  const { pattern, literal, ignoreCase, context = 0 } = request;
  return [
    "rg",
    "--json",
    "--sort=path",
    `--max-filesize=${LARGEST}`,
    `--context=${context}`,
    ...(literal === true ? ["--fixed-strings"] : []),
    ...(ignoreCase === true ? ["--ignore-case"] : []),
    `--regexp=${pattern}`,
    ...chosen(request),
  ];
}

/** Which files are searched. Reads no configuration of the workspace's and follows no link. */
export function chosen({ path, include }: Pick<GrepRequest, "path" | "include">): string[] {
  return [
    "--no-config",
    "--no-messages",
    "--no-follow",
    "--hidden",
    ...(include === undefined ? [] : [`--glob=${include}`]),
    "--glob=!.git",
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
