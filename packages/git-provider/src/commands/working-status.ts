import type { ChangedFile, ChangeKind, GitStatus } from "@ws/workspace-core";
import type { StreamedCommand } from "../working/run.ts";

const UNTRACKED = { directories: "normal", files: "all", none: "no" } as const;

/** What is checked out and what has changed, entry by entry; changes nothing. */
export function workingStatus(untracked: keyof typeof UNTRACKED): StreamedCommand {
  return {
    args: [
      "status",
      "--porcelain=v2",
      "--branch",
      "--show-stash",
      "--find-renames",
      `--untracked-files=${UNTRACKED[untracked]}`,
      "--ignored=no",
      "-z",
    ],
    kind: "read",
    separator: "\0",
    longest: 16_384,
  };
}

const KINDS: Readonly<Record<string, ChangeKind>> = {
  M: "modified",
  T: "type_changed",
  A: "added",
  D: "deleted",
  R: "renamed",
  C: "copied",
  U: "unmerged",
};

export interface StatusReader {
  read(entry: string): void;
  status(): GitStatus;
}

/** Reads the entries one by one, and keeps so many files of them. */
export function createStatusReader(limit: number): StatusReader {
  const head: Omit<GitStatus, "files" | "total" | "truncated"> = { detached: false, stashes: 0 };
  const files: ChangedFile[] = [];
  let total = 0;
  /** A renamed file whose old path is the next entry. */
  let renamed: ChangedFile | undefined;

  function add(file: ChangedFile): void {
    total += 1;
    if (files.length < limit) files.push(file);
  }

  return {
    read(entry) {
      if (renamed !== undefined) {
        renamed.oldPath = entry;
        renamed = undefined;
        return;
      }
      const [kind = ""] = entry;
      if (kind === "#") readHeader(entry, head);
      else if (kind === "?") add({ path: entry.slice(2), worktree: "untracked", conflicted: false });
      // Eight fields stand before the path of a changed file, nine before a renamed one's and ten before an unmerged one's.
      else if (kind === "1") add(changed(entry, 8));
      else if (kind === "u") add({ ...changed(entry, 10), conflicted: true });
      else if (kind === "2") {
        renamed = changed(entry, 9);
        add(renamed);
      }
    },
    status: () => ({ ...head, files, total, truncated: total > files.length }),
  };
}

function changed(entry: string, fields: number): ChangedFile {
  const [, code = "..", submodule = ""] = entry.split(" ", 3);
  const index = KINDS[code[0] ?? ""];
  const worktree = KINDS[code[1] ?? ""];
  return {
    path: entry.split(" ").slice(fields).join(" "),
    ...(index === undefined ? {} : { index }),
    ...(worktree === undefined ? {} : { worktree }),
    conflicted: false,
    ...(submodule.startsWith("S") ? { submodule: true as const } : {}),
  };
}

function readHeader(entry: string, status: Omit<GitStatus, "files" | "total" | "truncated">): void {
  const [, name, ...rest] = entry.split(" ");
  const value = rest.join(" ");
  if (name === "branch.oid" && value !== "(initial)") status.head = value;
  else if (name === "branch.head" && value === "(detached)") status.detached = true;
  else if (name === "branch.head") status.branch = value;
  else if (name === "branch.upstream") status.upstream = value;
  else if (name === "branch.ab") {
    const [ahead, behind] = rest.map(Number);
    if (ahead !== undefined && behind !== undefined) Object.assign(status, { ahead, behind: Math.abs(behind) });
  } else if (name === "stash") status.stashes = Number(value);
}
