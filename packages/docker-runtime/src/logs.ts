import type { Printed, PrintedOptions } from "@ws/workspace-core";

import type { Engine } from "./engine.ts";

/** What a container printed, both outputs in the order of writing. */
export async function* containerLogs(
  engine: Engine,
  container: string,
  options: PrintedOptions,
): AsyncGenerator<Printed> {
  const { tail, after, follow = false, signal } = options;
  const last = after === undefined ? undefined : parsePlace(after);
  const query = {
    stdout: true,
    stderr: true,
    timestamps: true,
    ...(tail !== undefined && { tail }),
    // A number would lose the nanoseconds.
    ...(last !== undefined && { since: secondsOf(last.at) as unknown as number }),
  };
  const body = follow
    ? engine.stream((docker) => docker.getContainer(container).logs({ ...query, follow: true }), signal)
    : whole(await engine.call((docker) => docker.getContainer(container).logs({ ...query, follow: false }), signal));
  yield* withPlaces(frames(body), last);
}

/**
 * The engine puts eight bytes before each piece that was written: one for the output's number, three empty, four for the
 * length. Pieces and chunks need not coincide.
 */
export async function* frames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.length < HEADER ? Infinity : HEADER + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield rest.subarray(HEADER, end);
      rest = rest.subarray(end);
    }
  }
}

/** Where a log goes on: the newest time that was seen, and how many pieces have it. */
interface Place {
  /** Nanoseconds since the epoch. */
  at: bigint;
  count: number;
}

/** Takes the time off each piece, and leaves out those that were read already: the engine gives all of the last time again. */
export async function* withPlaces(pieces: AsyncIterable<Buffer>, last?: Place): AsyncGenerator<Printed> {
  let { at, count } = last ?? { at: 0n, count: 0 };
  let known = count;
  for await (const piece of pieces) {
    const space = piece.indexOf(SPACE);
    const time = nanosecondsOf(piece.toString("latin1", 0, space));
    if (time === last?.at && known > 0) {
      known -= 1;
      continue;
    }
    // The two outputs are timed apart, so that a piece may be a moment older than the one before it.
    if (time > at) [at, count] = [time, 1];
    else if (time === at) count += 1;
    yield { bytes: piece.subarray(space + 1), at: `${at}/${count}` };
  }
}

function parsePlace(text: string): Place {
  const [at = "0", count] = text.split("/");
  return { at: BigInt(at), count: Number(count) };
}

/** Of RFC 3339 with up to nine digits after the point. */
function nanosecondsOf(time: string): bigint {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? "";
  const milliseconds = Date.parse(time.replace(/\.\d+/, ""));
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

function secondsOf(nanoseconds: bigint): string {
  return `${nanoseconds / 1_000_000_000n}.${String(nanoseconds % 1_000_000_000n).padStart(9, "0")}`;
}

async function* whole(body: Buffer): AsyncGenerator<Buffer> {
  // An empty answer is not a Buffer, whatever the client's types say.
  if (Buffer.isBuffer(body)) yield body;
}

const HEADER = 8;
const SPACE = 0x20;
