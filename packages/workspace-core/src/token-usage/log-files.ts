import { throwIfAborted } from "../aborted.ts";
import type { ConfinedFiles } from "../confined.ts";
import { isWsError } from "../errors.ts";
import { createLineCutter } from "../lines.ts";
import type { LogKind } from "./log-reader.ts";
import { believed, type UsageEntry } from "./usage-entry.ts";
import type { LogCursor, UsageBatch } from "./usage-log.ts";

/** What may be read in one round: a workspace can write as many logs as it likes, and the rest has its turn the next time. */
const LIMITS = {
  depth: 6,
  directories: 2_000,
  files: 5_000,
  bytesPerFile: 64 * 1024 * 1024,
  bytes: 256 * 1024 * 1024,
};
const LONGEST_PATH = 400;
/** A line has all that was said in an answer, and is read for its counts. No answer is longer, and what is made to be costly to read is no answer. */
const LONGEST_LINE = 1024 * 1024;
const BATCH = 2_000;

interface LogFile {
  path: string;
  size: number;
  modifiedAt: number;
}

/** The logs of a kind below a directory. */
export interface FoundLogs {
  files: readonly LogFile[];
  /** Whether there are no others. */
  isWhole: boolean;
}

/** What is new in logs, file by file, from where each was left, the oldest first. Nothing but the entries leaves this. */
export async function* readLogFiles(options: {
  files: ConfinedFiles;
  kind: LogKind;
  logs: readonly LogFile[];
  cursors: ReadonlyMap<string, LogCursor>;
  now: () => number;
  signal: AbortSignal;
}): AsyncGenerator<UsageBatch, void> {
  const { files, kind, cursors, now, signal } = options;
  let left = LIMITS.bytes;
  for (const { path, size } of options.logs.toSorted((a, b) => a.modifiedAt - b.modifiedAt)) {
    const known = cursors.get(path);
    // A shorter one was written anew: what is in it and known already is not counted again.
    const cursor = known !== undefined && known.offset <= size ? known : { log: path, offset: 0, state: "" };
    if (cursor.offset === size) continue;
    const length = Math.min(size - cursor.offset, LIMITS.bytesPerFile, left);
    if (length <= 0) return;
    left -= length;
    try {
      yield* readFrom(cursor, { files, kind, length, now, signal });
    } catch (error) {
      throwIfAborted(signal);
      if (!isGone(error)) throw error;
    }
  }
}

async function* readFrom(
  cursor: LogCursor,
  {
    files,
    kind,
    length,
    now,
    signal,
  }: Pick<Parameters<typeof readLogFiles>[0], "files" | "kind" | "now" | "signal"> & { length: number },
): AsyncGenerator<UsageBatch, void> {
  const { log, offset } = cursor;
  const reader = kind.reader(cursor.state === "" ? undefined : cursor.state);
  const cutter = createLineCutter({ longest: LONGEST_LINE, tooLong: "left out" });
  let entries: UsageEntry[] = [];
  let read = 0;
  let whole = 0;
  const batch = (at: number): UsageBatch => {
    const taken = { entries, cursor: { log, offset: offset + at, state: reader.state() } };
    entries = [];
    return taken;
  };
  await using file = await files.read(log, { offset, length, signal });
  for await (const bytes of file.content) {
    const end = bytes.lastIndexOf(NEWLINE);
    if (end !== -1) whole = read + end + 1;
    read += bytes.length;
    for (const line of cutter.push(bytes)) {
      const found = reader.line(line);
      const entry = found === undefined ? undefined : believed(found, now());
      if (entry !== undefined) entries.push(entry);
    }
    if (entries.length >= BATCH) yield batch(whole);
  }
  // A line without an end, as long as all that is read at once, is passed over.
  const at = whole === 0 && read >= LIMITS.bytesPerFile ? read : whole;
  if (at > 0) yield batch(at);
}

const NEWLINE = 10;

/** Links are not followed, and what is not there has none. */
export async function findLogs(
  files: ConfinedFiles,
  directory: string,
  { isLog }: Pick<LogKind, "isLog">,
  signal: AbortSignal,
): Promise<FoundLogs> {
  const open = [{ path: directory, depth: 0 }];
  const logs: LogFile[] = [];
  let directories = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    directories += 1;
    if (directories > LIMITS.directories) return { files: logs, isWhole: false };
    const { path, depth } = next;
    const listed = await files.list(path, { signal }).catch((error: unknown) => {
      throwIfAborted(signal);
      if (isGone(error)) return undefined;
      throw error;
    });
    for (const { name, type, size, modifiedAt } of listed?.entries ?? []) {
      const below = `${path}/${name}`;
      if (below.length > LONGEST_PATH) continue;
      if (type === "directory" && depth < LIMITS.depth) open.push({ path: below, depth: depth + 1 });
      if (type !== "file" || !isLog(name)) continue;
      if (logs.length === LIMITS.files) return { files: logs, isWhole: false };
      logs.push({ path: below, size, modifiedAt });
    }
  }
  return { files: logs, isWhole: true };
}

/** What is not there, or is not what it was, has nothing to read. */
export function isGone(error: unknown): boolean {
  return (
    [
      "file_not_found",
      "not_a_directory",
      "not_a_regular_file",
      "permission_denied",
      "path_traversal",
      "is_a_directory",
    ] as const
  ).some((code) => isWsError(error, code));
}
