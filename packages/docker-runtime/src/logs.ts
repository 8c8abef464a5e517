import type { Printed, PrintedOptions } from "@ws/workspace-core";

import type { Engine } from "./engine.ts";

/** What a container printed, both outputs in the order of writing. */
export async function* containerLogs(
  engine: Engine,
  container: string,
  options: PrintedOptions,
): AsyncGenerator<Printed> {
  const { tail, after, follow = false, signal } = options;
  const read = after === undefined ? undefined : parseRead(after);
  const query = {
    stdout: true,
    stderr: true,
    timestamps: true,
    ...(tail !== undefined && { tail }),
    ...(read !== undefined && { since: sinceOf(read) }),
  };
  const body = follow
    ? engine.stream((docker) => docker.getContainer(container).logs({ ...query, follow: true }), signal)
    : whole(await engine.call((docker) => docker.getContainer(container).logs({ ...query, follow: false }), signal));
  yield* unread(frames(body), read, tail !== undefined);
}

/** One piece as it was written to one of the two outputs. */
interface Piece {
  output: number;
  bytes: Buffer;
}

/**
 * The engine puts eight bytes before each piece: one for the output's number, three empty, four for the length. Pieces and
 * chunks need not coincide.
 */
export async function* frames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.length < HEADER ? Infinity : HEADER + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield { output: rest[0] ?? 0, bytes: rest.subarray(HEADER, end) };
      rest = rest.subarray(end);
    }
  }
}

/**
 * How far each output was read: the time of its last piece in nanoseconds, and how many pieces have that time. Only within
 * one output are the times in order, because the engine reads the two apart.
 */
type Read = Map<number, { time: bigint; count: number }>;

/**
 * Takes the time off each piece, and leaves out those that were read. The last pieces only are no sign of what is unread. What the
 * engine itself says of entries that it cannot read has no time, and comes with every reading.
 */
export async function* unread(pieces: AsyncIterable<Piece>, read?: Read, isTail = false): AsyncGenerator<Printed> {
  const places: Read = new Map(read);
  const known = new Map(Array.from(places, ([output, { count }]) => [output, count]));
  for await (const { output, bytes } of pieces) {
    const space = bytes.indexOf(SPACE);
    const time = OUTPUTS.includes(output) ? nanosecondsOf(bytes.toString("latin1", 0, space)) : undefined;
    if (time === undefined) {
      yield { bytes, at: format(places), output: String(output) };
      continue;
    }
    if (isTail && places.size === 0) for (const each of OUTPUTS) places.set(each, { time, count: 0 });
    const place = places.get(output) ?? { time: 0n, count: 0 };
    const before = read?.get(output);
    if (before !== undefined && time < before.time) continue;
    const left = known.get(output) ?? 0;
    if (time === before?.time && left > 0) {
      known.set(output, left - 1);
      continue;
    }
    places.set(output, { time, count: time === place.time ? place.count + 1 : 1 });
    yield { bytes: bytes.subarray(space + 1), at: format(places), output: String(output) };
  }
}

function format(read: Read): string {
  return Array.from(read, ([output, { time, count }]) => `${output}:${time}:${count}`).join(" ");
}

export function parseRead(text: string): Read {
  const places = text === "" ? [] : text.split(" ");
  return new Map(
    places.map((place) => {
      const [output, time = "0", count] = place.split(":");
      return [Number(output), { time: BigInt(time), count: Number(count) }];
    }),
  );
}

/** A little before the newest piece: one of the other output may have been late. */
function sinceOf(read: Read): number {
  const newest = Math.max(...Array.from(read.values(), ({ time }) => Number(time / 1_000_000_000n)));
  return Math.max(0, newest - LATE_S);
}

/** Of RFC 3339 with up to nine digits after the point; nothing of any other text. */
function nanosecondsOf(text: string): bigint | undefined {
  const [, seconds, fraction = "", zone] = RFC_3339.exec(text) ?? [];
  const milliseconds = Date.parse(`${seconds}${zone}`);
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

async function* whole(body: Buffer): AsyncGenerator<Buffer> {
  // An empty answer is not a Buffer, whatever the client's types say.
  if (Buffer.isBuffer(body)) yield body;
}

const HEADER = 8;
const SPACE = 0x20;
const OUTPUTS = [1, 2];
const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
const LATE_S = 10;
