import type { Argv } from "../../box.ts";
import { cut, type GrepLine, type GrepRequest } from "./request.ts";
import { here } from "./ripgrep.ts";

/** Where there is no ripgrep: every machine has this, but it knows nothing of what git ignores. */
export function plainGrepArgv({ pattern, path, literal, ignoreCase, include, context = 0 }: GrepRequest): Argv {
  return [
    "grep",
    "-rnIZHs",
    literal === true ? "-F" : "-E",
    ...(ignoreCase === true ? ["-i"] : []),
    ...(context === 0 ? [] : [`--context=${context}`]),
    ...(include === undefined ? [] : [`--include=${include.replace(/^.*\//, "")}`]),
    "--exclude-dir=.git",
    "--exclude-dir=node_modules",
    "-e",
    pattern,
    "--",
    here(path),
  ];
}

/** `path NUL 12:text` for a match, `path NUL 12-text` for a line beside one, `--` between those that are apart. */
export function parsePlainGrep(line: string): GrepLine | undefined {
  const [, path, number, sign, text = ""] = /^([^\0]+)\0(\d+)([:-])(.*)$/s.exec(line) ?? [];
  if (path === undefined) return undefined;
  return {
    path: path.replace(/^\.\//, ""),
    line: Number(number),
    text: cut(text.replace(/\r?\n?$/, "")),
    matches: sign === ":",
  };
}
