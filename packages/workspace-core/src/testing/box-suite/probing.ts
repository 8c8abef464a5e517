import { expect } from "vitest";

import { concatBytes } from "../../bytes.ts";
import type { ErrorCode } from "../../errors.ts";
import type { Argv, Box, BoxFeature, ByteChannel, Bytes, ByteSource, ExitStatus, RunOptions } from "../../ports.ts";

export interface Finished extends ExitStatus {
  stdout: string;
  stderr: string;
}

/** Runs to the end with both outputs as text. */
export async function finish(box: Box, argv: Argv, options?: RunOptions): Promise<Finished> {
  const started = await box.run(argv, options);
  const [stdout, stderr, status] = await Promise.all([text(started.stdout), text(started.stderr), started.exit]);
  return { stdout, stderr, ...status };
}

/** What a shell script prints; fails the test where it fails. */
export async function script(box: Box, code: string, ...args: string[]): Promise<string> {
  const { stdout, stderr, code: exit } = await finish(box, ["sh", "-c", code, "sh", ...args]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  return stdout;
}

export async function bytes(source: ByteSource): Promise<Uint8Array> {
  const parts: Bytes[] = [];
  for await (const part of source) parts.push(part);
  return concatBytes(parts);
}

export async function text(source: ByteSource): Promise<string> {
  return decode(await bytes(source));
}

export function encode(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

export function decode(value: Bytes): string {
  return new TextDecoder().decode(value);
}

/** An input that says this and then neither goes on nor ends. */
export async function* unfinished(value: string): ByteSource {
  yield encode(value);
  await new Promise(() => undefined);
}

/** Every byte value, in an order that no line or character handling survives; the same for the same seed. */
export function noise(length: number, seed = 1): Uint8Array {
  const result = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    result[at] = state >>> 24;
  }
  return result;
}

/** Comparing megabytes with `toEqual` takes seconds. */
export function same(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}

/** An empty directory below the home, under a name of its own. */
export async function freshDirectory(box: Box): Promise<string> {
  const path = `${box.home}/suite-${crypto.randomUUID()}`;
  await box.files.mkdir(path);
  return path;
}

/** Reads a stream until it has said this; leaves the rest unread. */
export async function readUntil(source: ByteSource, wanted: string): Promise<string> {
  const iterator = source[Symbol.asyncIterator]();
  let seen = "";
  while (!seen.includes(wanted)) {
    const next = await iterator.next();
    if (next.done === true) throw new Error(`ended without '${wanted}': ${seen}`);
    seen += decode(next.value);
  }
  return seen;
}

/** Waits for the end of a process that is not ours to wait for. */
export async function expectGone(box: Box, pid: string): Promise<void> {
  // A zombie is as good as gone: whoever should have waited for it does not.
  const check = `! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null`;
  await expect
    .poll(async () => (await finish(box, ["sh", "-c", check, "sh", pid])).code, { timeout: 10_000, interval: 50 })
    .toBe(0);
}

export async function expectAlive(box: Box, pid: string): Promise<void> {
  await script(box, 'kill -0 "$1"', pid);
}

export async function expectCode(work: PromiseLike<unknown>, code: ErrorCode): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: "WsError", code });
}

/** A refusal that a person reads, so that it has to say what to do next. */
export async function expectRefusal(work: PromiseLike<unknown>, code: ErrorCode): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: "WsError", code, next: expect.stringMatching(/^[A-Z].*\w/) });
}

/** True where the Box lacks the feature, after checking that it says so. */
export async function refuses(box: Box, feature: BoxFeature, use: () => Promise<unknown>): Promise<boolean> {
  if (!box.missing.includes(feature)) return false;
  await expectCode(use(), "box_feature_missing");
  return true;
}

/** Resolves once a number has stopped growing, as one does that waits for its reader. */
export async function settled(value: () => number): Promise<number> {
  let last = value();
  let still = 0;
  await expect
    .poll(
      () => {
        still = value() === last ? still + 1 : 0;
        last = value();
        return still;
      },
      { timeout: 20_000, interval: 40 },
    )
    .toBeGreaterThanOrEqual(8);
  return last;
}

/** A listener's callback that answers in its own time; a failure shows in what the client reads. */
export function serve(answer: (channel: ByteChannel) => Promise<void>): (channel: ByteChannel) => void {
  return (channel) => {
    answer(channel).catch(() => channel.destroy());
  };
}
