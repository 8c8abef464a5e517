import type { GitDiffFile } from "@ws/rpc-contract";

import { visible } from "../visible.ts";

export type Hunk = GitDiffFile["hunks"][number];
export type Line = Hunk["lines"][number];
export type Shape = "unified" | "split";

export type DiffRow =
  | { kind: "file"; file: GitDiffFile }
  | { kind: "note"; text: string }
  | { kind: "hunk"; header: string }
  | { kind: "line"; line: Line }
  | { kind: "pair"; old?: Line; new?: Line };

/** A comparison as rows of equal standing, so that a list of any length can be shown in part. */
export function toDiffRows(files: readonly GitDiffFile[], shape: Shape, { headers }: { headers: boolean }): DiffRow[] {
  return files.flatMap((file): DiffRow[] => [
    ...(headers ? [{ kind: "file" as const, file }] : []),
    ...notesOf(file).map((text) => ({ kind: "note" as const, text })),
    ...file.hunks.flatMap((hunk): DiffRow[] => [
      { kind: "hunk", header: hunk.header },
      ...(shape === "unified" || isOneSided(file)
        ? hunk.lines.map((line): DiffRow => ({ kind: "line", line }))
        : pairs(hunk.lines)),
    ]),
    ...(file.truncated ? [{ kind: "note" as const, text: "The rest is too long to be shown here." }] : []),
  ]);
}

/** Beside what there was never anything there is nothing to show. */
function isOneSided({ status }: GitDiffFile): boolean {
  return status === "added" || status === "deleted";
}

function notesOf({ oldPath, path, status, oldMode, newMode, binary, hunks, truncated }: GitDiffFile): string[] {
  const notes: string[] = [];
  if (status === "renamed" && oldPath !== undefined)
    notes.push(`Renamed from ${visible(oldPath)} to ${visible(path)}.`);
  if (status === "copied" && oldPath !== undefined) notes.push(`Copied from ${visible(oldPath)}.`);
  if (oldMode !== undefined && newMode !== undefined && oldMode !== newMode) {
    notes.push(`Its mode changed from ${oldMode} to ${newMode}.`);
  }
  if (newMode === "120000" && oldMode === undefined) notes.push("A link: its content is the path that it leads to.");
  if (newMode === "160000" || oldMode === "160000") {
    notes.push("A repository of its own: of it, git keeps the commit that it stands at.");
  }
  if (binary) notes.push("It is no text, so its content is not compared.");
  else if (hunks.length === 0 && !truncated) {
    if (status === "added" && newMode !== "120000" && newMode !== "160000") notes.push("An empty file was added.");
    else if (status === "deleted") notes.push("An empty file was deleted.");
    else if (notes.length === 0) notes.push("Its content is the same.");
  }
  return notes;
}

/** Lines that replace others stand beside them. */
function pairs(lines: readonly Line[]): DiffRow[] {
  const rows: DiffRow[] = [];
  let deleted: Line[] = [];
  let added: Line[] = [];
  const flush = (): void => {
    for (let index = 0; index < Math.max(deleted.length, added.length); index += 1) {
      const [old, fresh] = [deleted[index], added[index]];
      rows.push({ kind: "pair", ...(old && { old }), ...(fresh && { new: fresh }) });
    }
    deleted = [];
    added = [];
  };
  for (const line of lines) {
    if (line.type === "deleted") {
      if (added.length > 0) flush();
      deleted.push(line);
    } else if (line.type === "added") added.push(line);
    else {
      flush();
      rows.push({ kind: "pair", old: line, new: line });
    }
  }
  flush();
  return rows;
}

/** A file that is not in git yet, as the comparison with nothing that it will be. */
export function asAdded(path: string, content: string, truncated: boolean): GitDiffFile {
  const noNewline = content !== "" && !content.endsWith("\n");
  const texts = content === "" ? [] : content.replace(/\n$/, "").split("\n");
  const lines = texts.map((text, index): Line => {
    const last = noNewline && !truncated && index === texts.length - 1;
    return { type: "added", new: index + 1, text, ...(last ? { noNewline: true } : {}) };
  });
  const hunks = lines.length === 0 ? [] : [{ header: `@@ -0,0 +1,${lines.length} @@`, lines }];
  return { path, status: "added", binary: false, additions: lines.length, deletions: 0, hunks, truncated };
}
