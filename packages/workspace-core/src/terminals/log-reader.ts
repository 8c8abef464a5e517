import { WsError } from "../errors.ts";
import { runScript, scriptArgv } from "../in-place/run-script.ts";
import { silence } from "../in-place/silence.ts";
import type { Box, Bytes, Clock } from "../ports.ts";
import { FOLLOW, START_OF } from "./holder-scripts.ts";
import { parseOffset } from "./parse-states.ts";

export interface LogReaderOptions {
  box: Box;
  clock: Pick<Clock, "sleep">;
  /** The terminal's directory. */
  directory: string;
  nonce: string;
  /** The first offset wanted, which the log must have or have had. */
  from: number;
  /** Seconds between two looks where the file system does not tell of changes. */
  interval: string;
  signal?: AbortSignal | undefined;
}

/**
 * The log's bytes, then live ones, until the mark that its writer leaves behind. Dropped bytes read as zeros, so a
 * chunk that has one is believed only if the log still has its offset.
 */
export async function* readLog(options: LogReaderOptions): AsyncGenerator<{ offset: number; bytes: Bytes }, void> {
  const { box, clock, directory, nonce, signal } = options;
  const mark = new TextEncoder().encode(`\0\0ws-end:${nonce}\0`);
  let offset = options.from;
  for (;;) {
    let dropped: number | undefined;
    for await (const { bytes, last } of untilMark(follow(options, offset), mark)) {
      if (bytes.includes(0)) {
        const start = parseOffset((await runScript(box, START_OF, [directory], { clock, signal })).trim());
        if (start !== undefined && start > offset) {
          dropped = start;
          break;
        }
      }
      if (bytes.length > 0) yield { offset, bytes };
      offset += bytes.length;
      if (last) return;
    }
    if (signal?.aborted === true) return;
    if (dropped === undefined) {
      throw new WsError("internal", { message: "The reader of a terminal's log was ended.", data: {} });
    }
    offset = dropped;
  }
}

async function* follow(options: LogReaderOptions, offset: number): AsyncGenerator<Bytes, void> {
  const { box, directory, interval, signal } = options;
  const leaving = new AbortController();
  const end = signal === undefined ? leaving.signal : AbortSignal.any([leaving.signal, signal]);
  try {
    const process = await box.run(scriptArgv(FOLLOW, [directory, offset + 1, interval]), {
      stdin: silence(end),
      signal: end,
      traffic: "interactive",
    });
    process.exit.catch(() => undefined);
    yield* process.stdout;
  } catch (error) {
    if (!end.aborted) throw error;
  } finally {
    leaving.abort();
  }
}

/** Takes the mark away. What may be its beginning is held back until more is known. */
export async function* untilMark(
  source: AsyncIterable<Bytes>,
  mark: Bytes,
): AsyncGenerator<{ bytes: Bytes; last: boolean }, void> {
  let held: Bytes = new Uint8Array();
  for await (const chunk of source) {
    const bytes = held.length === 0 ? chunk : join(held, chunk);
    const at = indexOf(bytes, mark);
    if (at !== undefined && at + mark.length <= bytes.length) {
      yield { bytes: bytes.subarray(0, at), last: true };
      return;
    }
    const sure = at ?? bytes.length;
    held = bytes.slice(sure);
    if (sure > 0) yield { bytes: bytes.subarray(0, sure), last: false };
  }
  if (held.length > 0) yield { bytes: held, last: false };
}

/** Where the mark begins, whole or cut off by the end. */
function indexOf(bytes: Bytes, mark: Bytes): number | undefined {
  for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, at + 1)) {
    let length = 0;
    while (length < mark.length && at + length < bytes.length && bytes[at + length] === mark[length]) length += 1;
    if (length === mark.length || at + length === bytes.length) return at;
  }
  return undefined;
}

function join(a: Bytes, b: Bytes): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
