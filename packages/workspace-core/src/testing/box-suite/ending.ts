import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "./under-test.ts";
import { expectAlive, expectCode, expectGone, freshDirectory, readUntil, text } from "./probing.ts";

export function endingTests(place: () => BoxUnderTest): void {
  describe("a signal to a program", () => {
    test("reaches it and its children as itself, and what it then says and its exit code are the program's", async () => {
      const { box } = place();
      // A shell hears a signal between two commands, so that there have to be many.
      const child = `trap 'echo interrupted; exit 8' INT; trap 'echo ended; exit 9' TERM; echo ready; while :; do sleep 0.05; done`;
      const parent = `trap 'echo told' INT; sh -c "$0"; exit $?`;
      const careful = await box.run(["sh", "-c", parent, child]);
      await readUntil(careful.stdout, "ready\n");
      await careful.signal("SIGINT");
      expect(await text(careful.stdout)).toBe("interrupted\ntold\n");
      expect(await careful.exit).toEqual({ code: 8 });
    });

    test("reaches no job that a shell has put into a group of its own", async () => {
      const { box } = place();
      const stop = new AbortController();
      // Debian's sh has no jobs without a terminal: it says nothing and keeps them in its own group.
      const shell = await box.run(["bash", "-c", "trap : INT; set -m; sleep 1000 & echo $!; wait; wait"], {
        signal: stop.signal,
      });
      const job = (await readUntil(shell.stdout, "\n")).trim();
      await shell.signal("SIGINT");
      await expectAlive(box, job);
      stop.abort();
      await expectCode(shell.exit, "aborted");
      await expectGone(box, job);
    });
  });

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
      const shell = await box.run(["bash", "-c", "set -m; sleep 1000 & echo $!; wait"], { signal: stop.signal });
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
  });
}
