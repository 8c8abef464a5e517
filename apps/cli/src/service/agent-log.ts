import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { watch } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { CliError, EXIT } from "../errors.ts";

/** How far a log was read: in which file, to which byte. */
export interface Place {
  inode: number;
  offset: number;
}

/** The last lines of a log and of its predecessor `PATH.1`, without their ends. Throws `log_not_found`. */
export function lastLines(path: string, count: number): { lines: string[]; end: Place } {
  const files = [`${path}.1`, path].filter((file) => existsSync(file));
  if (files.length === 0) {
    throw new CliError("log_not_found", `No agent has kept a log at ${path}.`, {
      next: "Start one: ws agent run. Another directory is named with WS_CONFIG_DIR.",
      exit: EXIT.notFound,
    });
  }
  const end = { inode: 0, offset: 0 };
  const lines = files.flatMap((file) => {
    const bytes = readFileSync(file);
    // A line that is just being written belongs to what follows.
    const whole = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
    if (file === path) Object.assign(end, { inode: statSync(file).ino, offset: whole.length });
    return whole.toString().split("\n").slice(0, -1);
  });
  return { lines: count === 0 ? [] : lines.slice(-count), end };
}

/** The lines that are written after a place, in the file that is there and in those that take its name, until the signal aborts. */
export async function* followLog(path: string, from: Place, signal: AbortSignal): AsyncGenerator<string[]> {
  using reader = createReader(path, from);
  const changes = watch(dirname(path), { signal })[Symbol.asyncIterator]();
  // It looks from its first step on, and what was written before that is read by the first look.
  for (let next = changes.next(); ; next = changes.next()) {
    const lines = reader.read();
    if (lines.length > 0) yield lines;
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      if (value.filename === basename(path)) break;
      next = changes.next();
    }
  }
}

/** Gives with each `read` the whole lines that came since, also over a change of the file. */
export function createReader(path: string, from: Place): Disposable & { read(): string[] } {
  let file: number | undefined;
  let { inode, offset } = from;
  let rest = Buffer.alloc(0);

  function take(): string[] {
    if (file === undefined) return [];
    const { size } = fstatSync(file);
    // Somebody emptied it.
    if (size < offset) offset = 0;
    const bytes = Buffer.alloc(size - offset);
    const length = readSync(file, bytes, 0, bytes.length, offset);
    offset += length;
    const all = Buffer.concat([rest, bytes.subarray(0, length)]);
    const end = all.lastIndexOf(NEWLINE) + 1;
    rest = all.subarray(end);
    return all.subarray(0, end).toString().split("\n").slice(0, -1);
  }

  /** Opens what has the name now; false where that is open already, or nothing has it. */
  function turn(): boolean {
    const now = inodeOf(path);
    if (now === undefined || (file !== undefined && now === inode)) return false;
    if (file !== undefined) closeSync(file);
    file = openSync(path, "r");
    const opened = fstatSync(file).ino;
    if (opened !== inode) offset = 0;
    inode = opened;
    rest = Buffer.alloc(0);
    return true;
  }

  return {
    read() {
      // First what the old one still got.
      const lines = take();
      while (turn()) lines.push(...take());
      return lines;
    },
    [Symbol.dispose]() {
      if (file !== undefined) closeSync(file);
    },
  };
}

const NEWLINE = "\n".charCodeAt(0);

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
