import type { GitCommitResult, GitDiffFile, GitDiffResult, GitStatusResult } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { printable } from "../../output/printable.ts";
import { localTime } from "../../output/time.ts";
import { counted } from "../../output/counted.ts";

export function printStatus(context: Context, status: GitStatusResult): void {
  context.hint(printable(whereOf(status)));
  if (status.files.length === 0) return context.hint("Nothing has changed.");
  const rows = status.files.map(({ path, oldPath, index, worktree, conflicted }) => [
    conflicted ? "conflict" : (index ?? "-"),
    conflicted ? "-" : (worktree ?? "-"),
    oldPath === undefined ? path : `${oldPath} → ${path}`,
  ]);
  context.printTable(["STAGED", "CHANGED", "FILE"], rows);
  if (status.truncated) context.hint(`${counted(status.total, "file")} in all: show more with --limit.`);
}

/** `On main (origin/main, 1 ahead, 2 behind), in the middle of a rebase.` */
function whereOf({
  branch,
  head,
  detached,
  upstream,
  ahead = 0,
  behind = 0,
  operation,
  stashes,
}: GitStatusResult): string {
  const on = detached ? `the commit ${head?.slice(0, 12) ?? ""}` : (branch ?? "no branch");
  const apart = [ahead > 0 ? `${ahead} ahead` : "", behind > 0 ? `${behind} behind` : ""].filter((text) => text !== "");
  const follows = upstream === undefined ? "" : ` (${[upstream, ...apart].join(", ")})`;
  const middle = operation === undefined ? "" : `, in the middle of a ${operation.replace("_", "-")}`;
  const kept = stashes === 0 ? "" : `, ${counted(stashes, "stash", "stashes")}`;
  return `On ${on}${follows}${middle}${kept}.`;
}

export function printLog(context: Context, commits: readonly GitCommitResult[]): void {
  const rows = commits.map(({ hash, author, subject, refs }) => [
    hash.slice(0, 12),
    localTime(author.date),
    author.name,
    [...refs.filter(({ type }) => type !== "head").map(({ name }) => `[${name}]`), subject].join(" "),
  ]);
  context.printTable(["COMMIT", "DATE", "AUTHOR", "SUBJECT"], rows);
}

export function printCommit(context: Context, { hash, author, subject, body }: GitCommitResult): void {
  const text = body === "" ? subject : `${subject}\n\n${body}`;
  context.print(`commit ${hash}`);
  context.print(printable(`Author: ${author.name} <${author.email}>`).replaceAll("\n", " "));
  context.print(`Date:   ${localTime(author.date)}`);
  context.print(`\n${indented(printable(text))}\n`);
}

export function printDiff(context: Context, diff: GitDiffResult, stat: boolean): void {
  if (stat) {
    const rows = diff.files.map((file) => [nameOf(file), file.status, ...numbersOf(file)]);
    if (rows.length > 0) context.printTable(["FILE", "STATUS", "ADDED", "DELETED"], rows);
  } else for (const file of diff.files) context.print(patchOf(file));
  if (diff.total === 0) context.hint("Nothing differs.");
  if (diff.hidden > 0)
    context.hint(`${counted(diff.hidden, "file")} left out: the workspace's policy hides what is in them.`);
  if (diff.truncated)
    context.hint(
      `Not all is shown: ${counted(diff.total, "file")}, +${diff.additions} -${diff.deletions}. Name some of them.`,
    );
}

function nameOf({ path, oldPath }: GitDiffFile): string {
  return oldPath === undefined ? path : `${oldPath} → ${path}`;
}

function numbersOf({ binary, additions, deletions }: GitDiffFile): string[] {
  return binary ? ["binary", "binary"] : [`+${additions}`, `-${deletions}`];
}

const SIGNS = { context: " ", added: "+", deleted: "-" } as const;

/** As `git diff` writes it, with nothing in it that a terminal would obey. */
function patchOf(file: GitDiffFile): string {
  const title = `${file.status} ${nameOf(file)}${file.binary ? " (binary)" : ""}`;
  const lines = [oneLine(title), ...modesOf(file)];
  for (const hunk of file.hunks) {
    lines.push(oneLine(hunk.header));
    for (const { type, text, noNewline, cut } of hunk.lines) {
      lines.push(`${SIGNS[type]}${oneLine(text)}${cut === true ? "…" : ""}`);
      if (noNewline === true) lines.push("\\ No newline at end of file");
    }
  }
  if (file.truncated) lines.push("… more of this file is left out");
  return `${lines.join("\n")}\n`;
}

function modesOf({ oldMode, newMode }: GitDiffFile): string[] {
  return oldMode === undefined || newMode === undefined ? [] : [`mode ${oldMode} → ${newMode}`];
}

function oneLine(text: string): string {
  return printable(text.replace(/\r$/, "").replaceAll("\r", "␍").replaceAll("\n", "␊"));
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "    ");
}
