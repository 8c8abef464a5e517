import { describe, expect, test } from "vitest";

import type { Box, WatchBatch } from "../ports.ts";
import { createFakeBox } from "../testing/fake-box.ts";
import { createFakeHome } from "../testing/fake-home.ts";
import type { FakeProgram } from "../testing/fake-process.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { watchDirectory } from "./watch-directory.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the helper that watches", () => {
  test("says paths in pieces of any size, and is ended once nobody looks", async () => {
    let ended: AbortSignal | undefined;
    const turns = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
    const { means } = place(async ({ print, signal }) => {
      ended = signal;
      for (const [index, text] of ["/resync\0\0", "a\0dir/ü\0\0", "b\0\0c\0\0"].entries()) {
        await turns[index]?.promise;
        for (const byte of encode(text)) await print(Uint8Array.of(byte));
      }
      return untilAborted(signal);
    });
    const batches = watchDirectory(means, "/home");
    const paths = new Set<string>();
    turns[0]?.resolve();
    expect((await batches.next()).value).toEqual({ resync: true });
    turns[1]?.resolve();
    expect((await batches.next()).value).toEqual({ paths: ["a", "dir/ü"] });
    turns[2]?.resolve();
    while (paths.size < 2) {
      const batch = (await batches.next()).value as Extract<WatchBatch, { paths: string[] }>;
      for (const path of batch.paths) paths.add(path);
    }
    expect([...paths]).toEqual(["b", "c"]);
    expect(ended?.aborted).toBe(false);
    await batches.return();
    await expect.poll(() => ended?.aborted).toBe(true);
  });

  test("is asked for what the caller asked for, and its user's settings for Perl do not change it", async () => {
    const calls: unknown[] = [];
    const { means } = place(({ argv, options }) => {
      calls.push([...argv.slice(3), options.env]);
      return { stdout: "/faultnot_a_directory\0\0" };
    });
    const asked = { ignore: [".*", "dist"], include: [".git", ".git/refs/**"] };
    await expect(watchDirectory(means, "/home/", asked).next()).rejects.toMatchObject({ code: "not_a_directory" });
    const env = { PERL5OPT: "", PERL5LIB: "", PERL_UNICODE: "0", PATH: expect.stringMatching(/^\/usr\/.*:\/bin$/) };
    expect(calls).toEqual([["--", "/home", ".*\ndist", ".git\n.git/refs/**", "20000", "5", env]]);
  });

  test("is taken to mean that anything may have changed where it says more at once than a helper of ours (a flood that fills the memory)", async () => {
    const path = encode(`${"x".repeat(1_000)}\0`);
    const seen = Promise.withResolvers<void>();
    const { means } = place(async ({ print, signal }) => {
      for (let count = 0; count < 2_000; count += 1) await print(path);
      await print(encode("\0"));
      await seen.promise;
      await print(encode("a\0\0"));
      return untilAborted(signal);
    });
    const batches = watchDirectory(means, "/home");
    expect((await batches.next()).value).toEqual({ resync: true });
    seen.resolve();
    expect((await batches.next()).value).toEqual({ paths: ["a"] });
    await batches.return();
  });

  test("is heard in one piece however many batches it says at once (a flood that keeps the worker from everybody else)", async () => {
    const { means } = place(async ({ print, signal }) => {
      await print(encode("a\0\0b\0\0".repeat(20_000)));
      return untilAborted(signal);
    });
    const batches = watchDirectory(means, "/home");
    const told = (await batches.next()).value as Extract<WatchBatch, { paths: string[] }>;
    expect(told.paths).toHaveLength(40_000);
    await batches.return();
  });

  test("does not keep the worker busy with a path that grows byte by byte (300,000 of them)", async () => {
    const { means } = place(async ({ print, signal }) => {
      for (let count = 0; count < 300_000; count += 1) await print(Uint8Array.of(0x78));
      await print(encode("\0\0"));
      return untilAborted(signal);
    });
    const batches = watchDirectory(means, "/home");
    expect((await batches.next()).value).toEqual({ paths: ["x".repeat(300_000)] });
    await batches.return();
  });

  test.each([
    ["ends by itself", ""],
    ["says what no helper says", "/faultnonsense\0\0"],
    ["says a path without end", "x".repeat(1_100_000)],
  ])("that %s is an error, not the end", async (_how, stdout) => {
    const { means } = place(() => ({ stdout }));
    await expect(watchDirectory(means, "/home").next()).rejects.toMatchObject({ code: "internal" });
  });
});

describe("a place that cannot be watched", () => {
  test("for lack of Perl says so, and every few seconds that anything may have changed", async () => {
    const { means, clock } = place();
    const abort = new AbortController();
    const batches = watchDirectory(means, "/home", { signal: abort.signal });
    const slow = expect.stringContaining("no Perl");
    expect((await batches.next()).value).toEqual({ resync: true, slow });
    const next = batches.next();
    await clock.idle();
    clock.advance(4_999);
    clock.advance(1);
    expect((await next).value).toEqual({ resync: true, slow });
    const last = batches.next();
    await clock.idle();
    abort.abort();
    expect((await last).done).toBe(true);
  });

  test.each([
    ["watches", "more directories"],
    ["instances", "ws doctor"],
    ["inotify", "cannot tell"],
    ["of another kind", "cannot tell"],
  ])("for lack of %s says it in a sentence", async (why, sentence) => {
    const { means } = place(({ signal, print }) =>
      print(encode(`/slow${why}\0/resync\0\0`)).then(() => untilAborted(signal)),
    );
    const batches = watchDirectory(means, "/home");
    const slow = expect.stringMatching(new RegExp(`^[A-Z].*${sentence}.*\\.$`));
    expect((await batches.next()).value).toEqual({ resync: true, slow });
    await batches.return();
  });
});

function place(perl?: FakeProgram): {
  means: Parameters<typeof watchDirectory>[0];
  clock: ReturnType<typeof createManualClock>;
} {
  const programs = perl === undefined ? {} : { perl };
  const box: Box = createFakeBox(createFakeHome("ws-fake"), new AbortController().signal, programs);
  const clock = createManualClock();
  return { means: { run: (argv, options) => box.run(argv, options), clock }, clock };
}

function untilAborted(signal: AbortSignal): Promise<Record<string, never>> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve({});
    signal.addEventListener("abort", () => resolve({}), { once: true });
  });
}
