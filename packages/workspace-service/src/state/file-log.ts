import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LogEntry, WorkspaceId } from "@ws/workspace-core";
import { asDiskFull, codeOf, makePrivateDirectory, removeDurably, writeDurably } from "./durable-file.ts";

/** Lines kept for each workspace. */
const LINES = 5_000;
/** Between two cuts a file has at most twice as many. */
const CUT_AT = 2 * LINES;
/** A program may print a line without an end. */
const LINE_LENGTH = 16_384;

/** What was done for each workspace, a file of lines each; a line outlives the process, not a power cut. */
export interface FileLogs {
  append(id: WorkspaceId, entry: LogEntry): void;
  read(id: WorkspaceId, tail?: number): LogEntry[];
  remove(id: WorkspaceId): void;
}

export function openFileLogs(directory: string): FileLogs {
  makePrivateDirectory(directory);
  const lengths = new Map<WorkspaceId, number>();
  const pathOf = (id: WorkspaceId): string => join(directory, `${id}.log`);

  function read(id: WorkspaceId): LogEntry[] {
    const path = pathOf(id);
    if (!existsSync(path)) return [];
    return readFileSync(path, "utf8").split("\n").flatMap(parse);
  }

  /** How many lines there are, the file cut where they are too many; what a killed process left half-written ends here. */
  function settle(id: WorkspaceId): number {
    const known = lengths.get(id);
    if (known !== undefined && known < CUT_AT) return known;
    const entries = read(id).slice(-LINES);
    if (entries.length > 0) writeDurably(pathOf(id), entries.map(lineOf).join(""));
    return entries.length;
  }

  return {
    append(id, { line, ...entry }) {
      try {
        const length = settle(id);
        appendFileSync(pathOf(id), lineOf({ ...entry, line: line.slice(0, LINE_LENGTH) }), { mode: 0o600 });
        lengths.set(id, length + 1);
      } catch (error) {
        // What it tells of goes on all the same.
        const code = codeOf(asDiskFull(error, pathOf(id)));
        if (code !== "disk_full") throw error;
      }
    },
    read: (id, tail) => read(id).slice(-Math.min(tail ?? LINES, LINES) || Infinity),
    remove(id) {
      removeDurably(pathOf(id));
      lengths.delete(id);
    },
  };
}

function lineOf(entry: LogEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

function parse(line: string): LogEntry[] {
  try {
    return [JSON.parse(line) as LogEntry];
  } catch {
    return [];
  }
}
