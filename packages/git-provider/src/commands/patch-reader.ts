import { beginningOf } from "../working/split.ts";
import type { DiffFile, DiffLine, GitDiff } from "@ws/workspace-core";
import { type Listed, readListed, readNumbers } from "./diff-list.ts";

/** How much of a comparison is kept. */
export interface DiffLimits {
  files: number;
  /** Of all files, and of one. */
  lines: number;
  linesOfFile: number;
  /** Of all lines. */
  characters: number;
}

/** What is longer was written by a program for a program. */
const LONGEST_TEXT = 8_192;

export const DIFF_LIMITS: DiffLimits = { files: 3_000, lines: 20_000, linesOfFile: 5_000, characters: 4_194_304 };

export interface PatchReader {
  /** False once nothing that follows would be kept. */
  read(line: string, cut: boolean): boolean;
  diff(): GitDiff;
  /** Binary files that were touched: their numbers say that they differ also where they do not, the patch leaves those out. */
  touched(): string[];
  /** Leaves this file out. */
  drop(path: string): void;
}

/** Reads what `--raw --numstat --patch` print one after the other: the list of files, their numbers, their hunks. */
export function createPatchReader(limits: DiffLimits, { stat }: { stat: boolean }): PatchReader {
  const listed: Listed[] = [];
  let part: "list" | "numbers" | "patch" = "list";
  const count = { listed: 0, again: 0, numbered: 0, additions: 0, deletions: 0, lines: 0, characters: 0 };
  let previous: Listed | undefined;
  let next = 0;
  let current: { file: DiffFile; header: string; lines: number } | undefined;
  let hunk: { lines: DiffLine[] | undefined; old: number; new: number; oldLeft: number; newLeft: number } | undefined;
  let skipped = 0;

  function readList(line: string): boolean {
    const entry = readListed(line, previous);
    if (entry === undefined) return false;
    if (previous?.again === true) count.again += 1;
    previous = entry;
    count.listed += 1;
    if (listed.length < limits.files) listed.push(entry);
    return true;
  }

  function readNumbered(line: string): boolean {
    const read = readNumbers(line);
    if (read === undefined) return false;
    forgetTouched((entry) => entry.touched !== read.name);
    count.additions += read.numbers.additions;
    count.deletions += read.numbers.deletions;
    const entry = listed[count.numbered];
    count.numbered += 1;
    if (entry !== undefined) Object.assign(entry.file, read.numbers);
    return true;
  }

  /** What was touched and has no numbers is what it was before. */
  function forgetTouched(isNext: (entry: Listed) => boolean): void {
    for (;;) {
      const entry = listed[count.numbered];
      if (entry?.touched === undefined || !isNext(entry)) return;
      count.numbered += 1;
      forget(entry);
    }
  }

  /** As if it had not been listed. */
  function forget(entry: Listed): void {
    if (!entry.again) count.again += 1;
    entry.again = true;
  }

  /** False where it is of a file that is not kept, as are all that follow. */
  function begin(header: string): boolean {
    // A file that became a link is told in two parts: one goes, one comes.
    if (current?.header === header && current.file.status === "type_changed") return true;
    const at = listed.findIndex((entry, index) => index >= next && entry.header === header && !entry.again);
    const entry = listed[at];
    next = at === -1 ? next : at + 1;
    current = entry === undefined ? undefined : { file: entry.file, header, lines: 0 };
    if (entry !== undefined) delete entry.touched;
    return entry !== undefined || listed.length === count.listed;
  }

  function readOutside(line: string): boolean {
    const [, old, oldCount = "1", now, newCount = "1"] = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    if (line.startsWith("diff --git ")) return begin(line);
    // The name is written as it is, and may be several lines.
    if (line.startsWith("* Unmerged path ")) skipped = linesOfUnmerged();
    else if (now !== undefined) {
      const kept = current !== undefined && current.lines < limits.linesOfFile;
      const lines: DiffLine[] | undefined = kept ? [] : undefined;
      hunk = { lines, old: Number(old), new: Number(now), oldLeft: Number(oldCount), newLeft: Number(newCount) };
      if (lines !== undefined) current?.file.hunks.push({ header: line, lines });
    }
    return true;
  }

  function linesOfUnmerged(): number {
    const at = listed.findIndex((entry, index) => index >= next && entry.file.status === "unmerged");
    return (listed[at]?.file.path.split("\n").length ?? 1) - 1;
  }

  function readHunk(line: string, cut: boolean, within: NonNullable<typeof hunk>): boolean {
    const [sign = " "] = line;
    const type = sign === "+" ? "added" : sign === "-" ? "deleted" : "context";
    const [old, now] = [within.old, within.new];
    if (type !== "added") [within.old, within.oldLeft] = [old + 1, within.oldLeft - 1];
    if (type !== "deleted") [within.new, within.newLeft] = [now + 1, within.newLeft - 1];
    if (within.lines === undefined || current === undefined) return true;
    if (count.lines >= limits.lines || count.characters >= limits.characters) return false;
    if (current.lines >= limits.linesOfFile) return true;
    const text = beginningOf(line.slice(1), LONGEST_TEXT);
    current.lines += 1;
    count.lines += 1;
    count.characters += text.length;
    within.lines.push({
      type,
      ...(type === "added" ? {} : { old }),
      ...(type === "deleted" ? {} : { new: now }),
      text,
      ...(cut || text.length < line.length - 1 ? { cut: true as const } : {}),
    });
    return true;
  }

  return {
    read(line, cut) {
      if (skipped > 0) {
        skipped -= 1;
        return true;
      }
      if (part === "list" && readList(line)) return true;
      if (part === "list") part = "numbers";
      if (part === "numbers" && readNumbered(line)) return true;
      if (part === "numbers") forgetTouched(() => true);
      part = "patch";
      if (hunk !== undefined && line.startsWith("\\")) {
        const last = hunk.lines?.at(-1);
        if (last !== undefined) last.noNewline = true;
        return true;
      }
      if (hunk !== undefined && (hunk.oldLeft > 0 || hunk.newLeft > 0)) return readHunk(line, cut, hunk);
      hunk = undefined;
      return readOutside(line);
    },
    touched: () =>
      listed.filter(({ touched, file }) => touched !== undefined && file.binary).map(({ file }) => file.path),
    drop(path) {
      const entry = listed.find(({ file }) => file.path === path);
      if (entry !== undefined) forget(entry);
    },
    diff() {
      if (part !== "patch") forgetTouched(() => true);
      const files = listed.filter((entry) => !entry.again).map((entry) => entry.file);
      for (const file of files) file.truncated = !stat && isPartial(file);
      const total = count.listed - count.again;
      const { additions, deletions } = count;
      const truncated = total > files.length || files.some((file) => file.truncated);
      return { files, additions, deletions, total, hidden: 0, truncated };
    },
  };
}

function isPartial({ binary, hunks, additions, deletions }: DiffFile): boolean {
  if (binary) return false;
  const kept = (type: DiffLine["type"]): number =>
    hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.type === type).length, 0);
  return kept("added") < additions || kept("deleted") < deletions;
}
