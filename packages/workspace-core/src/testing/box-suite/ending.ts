import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "../box-suite.ts";
import { expectCode, expectGone, freshDirectory, readUntil, text } from "./probing.ts";

export function endingTests(place: () => BoxUnderTest): void {
  describe("aborting a program", () => {
    test("ends its children too", async () => {
      const { box } = place();
      const stop = new AbortController();
      const tree = await box.run(["sh", "-c", "sleep 1000 & echo $!; wait"], { signal: stop.signal });
      const child = (await readUntil(tree.stdout, "\n")).trim();
      stop.abort();
      await expectCode(tree.exit, "aborted");
      await expectGone(box, child);
    });

    test("ends the jobs of a shell, which are groups of their own", async () => {
      const { box } = place();
      const stop = new AbortController();
      const shell = await box.run(["sh", "-c", "set -m; sleep 1000 & echo $!; wait"], { signal: stop.signal });
      const job = (await readUntil(shell.stdout, "\n")).trim();
      stop.abort();
      await expectCode(shell.exit, "aborted");
      await expectGone(box, job);
    });

    test("lets it clean up first", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      const stop = new AbortController();
      const code = `trap 'echo clean >${directory}/mark; exit' TERM; echo ready; while :; do sleep 0.05; done`;
      const careful = await box.run(["sh", "-c", code], { signal: stop.signal, graceMs: 10_000 });
      await readUntil(careful.stdout, "ready");
      stop.abort();
      await expectCode(careful.exit, "aborted");
      expect(await text(box.files.read(`${directory}/mark`))).toBe("clean\n");
    });

    test("kills what ignores the request once its grace is over", async () => {
      const { box } = place();
      const stop = new AbortController();
      const code = "trap '' TERM; echo $$; while :; do sleep 0.05; done";
      const stubborn = await box.run(["sh", "-c", code], { signal: stop.signal, graceMs: 100 });
      const pid = (await readUntil(stubborn.stdout, "\n")).trim();
      stop.abort();
      await expectCode(stubborn.exit, "aborted");
      await expectGone(box, pid);
    });

    test("fails the outputs as well, so that a cut one is not taken for whole", async () => {
      const stop = new AbortController();
      const writer = await place().box.run(["sh", "-c", "echo begun; sleep 1000"], { signal: stop.signal });
      const iterator = writer.stdout[Symbol.asyncIterator]();
      await iterator.next();
      stop.abort();
      await expectCode(iterator.next(), "aborted");
      await expectCode(writer.exit, "aborted");
    });

    test("settles although nobody reads what the program writes", async () => {
      const { box } = place();
      const stop = new AbortController();
      const writer = await box.run(["yes"], { signal: stop.signal });
      stop.abort();
      await expectCode(writer.exit, "aborted");
    });

    test("starts nothing when it comes before the start", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await expectCode(box.run(["touch", `${directory}/mark`], { signal: AbortSignal.abort() }), "aborted");
      expect(await box.files.list(directory)).toEqual([]);
    });

    test("changes nothing when it comes after the end", async () => {
      const { box } = place();
      const stop = new AbortController();
      const done = await box.run(["sh", "-c", "exit 5"], { signal: stop.signal });
      expect(await done.exit).toEqual({ code: 5 });
      stop.abort();
      expect(await done.exit).toEqual({ code: 5 });
    });
  });
}
