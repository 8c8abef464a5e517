import { excerpt, type Repository, WsError } from "@ws/workspace-core";
import { identityMissing, nobodyToCommitAs } from "../commit.ts";

/** What a failed git in a workspace's repository said, as the domain's error. */
export function workFailure(command: string, repository: Repository, { stderr, stdout = "" }: Said): WsError {
  const said = `${stderr}\n${stdout}`;
  const quoted = (pattern: RegExp): string => excerpt(pattern.exec(said)?.[1] ?? "");
  if (/not a git repository|cannot change to|cannot use bare repository|usage: git diff --no-index/i.test(stderr))
    return repositoryGone(repository);
  if (/\.lock'?: File exists|Another git process seems to be running|cannot lock ref/.test(stderr)) return busy();
  if (/No space left on device|Disk quota exceeded/i.test(stderr)) return full();
  const pathspec = /pathspec '([^']*)' (?:did not match|is beyond)/;
  if (/is beyond a symbolic link|is outside repository/.test(stderr)) return leadsOut(quoted(pathspec));
  if (pathspec.test(stderr)) return notThere(quoted(pathspec));
  if (/would be overwritten by|unstaged changes|contains uncommitted changes|local changes/i.test(stderr)) {
    return uncommittedWork(repository, overwritten(stderr));
  }
  if (identityMissing.test(said)) return nobodyToCommitAs();
  if (/unmerged|not concluded your merge|needs merge|unresolved conflict/i.test(said)) return mergeConflict([]);
  return new WsError("git_failed", {
    message: `'git ${command}' failed: ${firstWords(said)}.`,
    next: `Run it in the workspace to see more: 'git ${command}'.`,
    data: { command },
  });
}

interface Said {
  stderr: string;
  stdout?: string;
}

/** The refusal to lose what is not committed. */
export function uncommittedWork({ name }: Repository, files: readonly string[]): WsError<"uncommitted_work"> {
  const [count, some] = [files.length, listed(files)];
  const what = count === 0 ? "changes that are not committed" : `what is not committed: ${some}`;
  return new WsError("uncommitted_work", {
    message: `Nothing was done: '${name}' has ${what}.`,
    next: "Commit or stash it first, or say that it may be lost: allowDestructive (--allow-destructive).",
    data: { name, files: count },
  });
}

/** The refusal to lose commits, or a stash, that nothing else holds. */
export function unpushedWork({ name }: Repository, reason: string): WsError<"unpushed_work"> {
  return new WsError("unpushed_work", {
    message: `Nothing was done: ${reason}.`,
    next: "Keep it on a branch or push it first, or say that it may be lost: allowDestructive (--allow-destructive).",
    data: { name, reason },
  });
}

export function mergeConflict(files: readonly string[], next?: string): WsError<"merge_conflict"> {
  return new WsError("merge_conflict", {
    message: `There are conflicts${files.length === 0 ? "" : `: ${listed(files)}`}.`,
    next: next ?? "Resolve them in the files and stage these, then go on.",
    data: { files: files.slice(0, 100) },
  });
}

export function refNotFound(ref: string): WsError<"ref_not_found"> {
  return new WsError("ref_not_found", {
    message: `There is no branch, tag or commit '${excerpt(ref)}' here.`,
    next: "List the branches with 'ws git NAME branch', or fetch it first: 'ws git NAME pull'.",
    data: { ref: excerpt(ref) },
  });
}

export function fileNotFound(path: string, where: string): WsError<"file_not_found"> {
  return new WsError("file_not_found", {
    message: `There is no '${excerpt(path)}' ${where}.`,
    next: "Check its name and where it lies; it is one from the top of the repository.",
    data: { path: excerpt(path) },
  });
}

function listed(files: readonly string[]): string {
  const shown = files.slice(0, 5).map(excerpt).join(", ");
  return files.length > 5 ? `${shown}, … (${files.length} in all)` : shown;
}

/** Git writes each on a line of its own after a tab. */
function overwritten(stderr: string): string[] {
  return [...stderr.matchAll(/^\t(.+)$/gm)].map(([, file = ""]) => file);
}

function firstWords(said: string): string {
  const lines = said.split(/[\r\n]+/).map((line) => line.replace(/[^\x20-\x7e\u00a0-\u{10ffff}]/gu, "").trim());
  const line = lines.find((each) => /^(?:fatal|error): /.test(each)) ?? lines.find((each) => each !== "");
  return (line ?? "git ended without a word")
    .replace(/^(?:fatal|error): /, "")
    .replace(/\.$/, "")
    .slice(0, 300);
}

/** Somebody moved it, or took it away. */
export function repositoryGone({ url }: Repository): WsError<"repository_not_found"> {
  return new WsError("repository_not_found", {
    message: `Repository not found in the workspace: '${url}' does not lie where it was cloned to.`,
    next: "Clone it again there, or make another workspace.",
    data: { url },
  });
}

function busy(): WsError<"repository_busy"> {
  return new WsError("repository_busy", {
    message: "Another git works on the repository at this moment.",
    next: "Try again once it has ended. If none runs, remove what it left: 'rm .git/index.lock' in the workspace.",
    data: {},
  });
}

function full(): WsError<"disk_full"> {
  return new WsError("disk_full", {
    message: "The disk is full.",
    next: "Free some space: 'ws list' shows the workspaces, 'ws delete' removes one.",
    data: {},
  });
}

function leadsOut(path: string): WsError<"path_traversal"> {
  return new WsError("path_traversal", {
    message: `'${path}' is refused: it leads out of the repository by a link.`,
    next: "Give a path below the top of the repository, such as src/main.ts.",
    data: { path },
  });
}

function notThere(path: string): WsError<"file_not_found"> {
  return fileNotFound(path, "that git knows of");
}
