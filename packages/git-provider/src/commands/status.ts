import type { GitCommand } from "./command.ts";

export interface Status {
  branch?: string;
  head?: string;
  stashes: number;
  /** Changed and new files that are not ignored; a new directory is one. */
  files: string[];
}

/** What is checked out and what has changed in it; changes nothing, also not the index. */
export function status(directory: string): GitCommand<Status> {
  return {
    argv: [
      "git",
      "--no-optional-locks",
      "-C",
      directory,
      "status",
      "--porcelain=v2",
      "--branch",
      "--show-stash",
      "--untracked-files=normal",
      "-z",
    ],
    parse: parseStatus,
  };
}

function parseStatus(stdout: string): Status {
  const parsed: Status = { stashes: 0, files: [] };
  const entries = stdout.split("\0");
  for (let entry = entries.shift(); entry !== undefined; entry = entries.shift()) {
    const [kind = ""] = entry;
    if (kind === "#") readHeader(entry, parsed);
    else if (kind === "?") parsed.files.push(entry.slice(2));
    // Eight fields stand before the path of a changed file, nine before a renamed one's and ten before an unmerged one's.
    else if (kind === "1") parsed.files.push(fieldsAfter(entry, 8));
    else if (kind === "u") parsed.files.push(fieldsAfter(entry, 10));
    else if (kind === "2") {
      parsed.files.push(fieldsAfter(entry, 9));
      // Where it was before is an entry of its own.
      entries.shift();
    }
  }
  return parsed;
}

function readHeader(entry: string, parsed: Status): void {
  const [, name, ...rest] = entry.split(" ");
  const value = rest.join(" ");
  if (name === "branch.oid" && value !== "(initial)") parsed.head = value;
  else if (name === "branch.head" && value !== "(detached)") parsed.branch = value;
  else if (name === "stash") parsed.stashes = Number(value);
}

function fieldsAfter(entry: string, count: number): string {
  return entry.split(" ").slice(count).join(" ");
}
