import { type BoxProcess, orAborted, type RunOptions } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";

import { createExecFiles } from "./exec-files.ts";

test("A workspace whose shell answers without end is not listened to for ever, and its answer ends", async () => {
  let ended: AbortSignal | undefined;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield new Uint8Array(1024 * 1024);
  }
  const files = createExecFiles((_argv, { signal }: RunOptions) => {
    ended = signal;
    return Promise.resolve(saying(endless()));
  }, createManualClock());
  await expect(files.list("/")).rejects.toMatchObject({ code: "internal" });
  expect(ended?.aborted).toBe(true);
});

test.each(["", "x y z", "81a4 12", "81a4 1e400 0", "81a4 NaN 0"])("What is said of a file is no '%s'", async (said) => {
  const files = createExecFiles(() => Promise.resolve(saying([Buffer.from(said)])), createManualClock());
  await expect(files.stat("/file")).rejects.toMatchObject({ code: "internal" });
});

test("An entry with a date and a size beyond all bounds is listed beside the others", async () => {
  const said = "81a4 99999999999999999 99999999999999\nodd\0a1ff 12 -5\nplain\0";
  const files = createExecFiles(() => Promise.resolve(saying([Buffer.from(said)])), createManualClock());
  expect((await files.list("/")).map(({ name }) => name)).toEqual(["odd", "plain"]);
});

test("An entry that the workspace's shell names a way elsewhere is none (tar-fs CVE-2025-59343)", async () => {
  const said = ["../evil", "/etc/evil", "", "..", "kept"].map((name) => `81a4 1 0\n${name}\0`).join("");
  const files = createExecFiles(() => Promise.resolve(saying([Buffer.from(said)])), createManualClock());
  expect((await files.list("/")).map(({ name }) => name)).toEqual(["kept"]);
});

test("A write that was called off ends also where the workspace answers nothing any more", async () => {
  const clock = createManualClock();
  const caller = new AbortController();
  const files = createExecFiles(
    (_argv, { signal }: RunOptions) => orAborted(new Promise(() => undefined), signal),
    clock,
  );
  const writing = files.write("/file", new Uint8Array(1), { signal: caller.signal }).catch((error: unknown) => error);
  caller.abort();
  await clock.idle();
  clock.advance(60_000);
  expect(await writing).toMatchObject({ code: "aborted" });
});

test("A write whose file is never put in its place is told as that", async () => {
  const clock = createManualClock();
  let scripts = 0;
  const files = createExecFiles((_argv, { signal }: RunOptions) => {
    scripts += 1;
    return scripts === 1 ? Promise.resolve(saying([])) : orAborted(new Promise(() => undefined), signal);
  }, clock);
  const writing = files.write("/file", new Uint8Array(1)).catch((error: unknown) => error);
  for (let turn = 0; turn < 2; turn += 1) {
    await clock.idle();
    clock.advance(60_000);
  }
  expect(await writing).toMatchObject({ code: "timeout" });
  expect(scripts).toBe(3);
});

function saying(output: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): BoxProcess {
  async function* read(): AsyncGenerator<Uint8Array> {
    yield* output;
  }
  return { stdout: read(), stderr: read(), exit: Promise.resolve({ code: 0 }), signal: () => Promise.resolve() };
}
