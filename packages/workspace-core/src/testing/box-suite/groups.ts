import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "./under-test.ts";
import { expectAlive, expectCode, expectGone, finish, readUntil, refuses } from "./probing.ts";

export function groupTests(place: () => BoxUnderTest): void {
  describe("a named group of processes", () => {
    test("is ended by a later Box, after the one that started it is gone, and no other is", async () => {
      await using earlier = await place().reopen();
      if (await refuses(earlier, "groups", () => earlier.endGroup("any"))) return;
      const [mine, other] = [crypto.randomUUID(), crypto.randomUUID()];
      const code = "trap '' HUP PIPE; sleep 1000 & echo $$ $!; wait";
      const orphan = await earlier.run(["sh", "-c", code], { group: mine });
      const bystander = await earlier.run(["sh", "-c", code], { group: other });
      const pids = (await readUntil(orphan.stdout, "\n")).trim().split(" ");
      const [spared = ""] = (await readUntil(bystander.stdout, "\n")).trim().split(" ");
      await earlier[Symbol.asyncDispose]();
      await expectCode(orphan.exit, "box_closed");

      await using later = await place().reopen();
      for (const pid of pids) await expectAlive(later, pid);
      await later.endGroup(mine);
      for (const pid of pids) await expectGone(later, pid);
      await expectAlive(later, spared);
      await later.endGroup(other);
      await expectGone(later, spared);
    });

    test("includes what a program that has ended left behind", async () => {
      const { box } = place();
      if (box.missing.includes("groups")) return;
      const group = crypto.randomUUID();
      const started = await finish(box, ["sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!"], { group });
      const pid = started.stdout.trim();
      await expectAlive(box, pid);
      await box.endGroup(group);
      await expectGone(box, pid);
    });

    test("kills what ignores the request", async () => {
      const { box } = place();
      if (box.missing.includes("groups")) return;
      const group = crypto.randomUUID();
      const stubborn = await box.run(["sh", "-c", "trap '' TERM; echo; while :; do sleep 0.05; done"], { group });
      await readUntil(stubborn.stdout, "\n");
      await box.endGroup(group);
      expect((await stubborn.exit).code).toBe(137);
    });
  });
}
