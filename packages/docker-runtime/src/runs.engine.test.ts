import { createRuns, type Runs } from "@ws/workspace-core";
import { runsSuite } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";

import { openExecBox } from "./exec-box.ts";
import { openSshBox } from "./ssh-box.ts";
import { boxUnderTest, runsPlace, startBoxPlace } from "./testing/box-place.ts";
import { output } from "./testing/output.ts";
import { systemClock as clock } from "./testing/subject.ts";

runsSuite("A container with sshd", () => runsPlace(startBoxPlace(), openSshBox));
runsSuite("A container without sshd", () => runsPlace(startBoxPlace(), openExecBox));

describe("a container", () => {
  test("whose disk fills while a run prints loses the middle of its output, and nothing of how it ended", async () => {
    const host = { Tmpfs: { "/small": "size=3m,mode=1777" } };
    await using place = await boxUnderTest(startBoxPlace({ host }), openSshBox);
    const runs = createRuns({ ...place.box, home: "/small" }, { clock });
    const keep = { head: 100_000, tail: 1024 * 1024 * 1024 };
    await runs.start({ id: "t.1", argv: ["sh", "-c", "seq -f %015.0f 0 999999; exit 3"], keep, errors: "merged" });
    expect(await runs.ended("t.1")).toEqual({ how: "exit", code: 3 });
    expect(await runs.list()).toMatchObject([{ id: "t.1", end: 16_000_000, ended: { how: "exit", code: 3 } }]);
    let kept = 0;
    for await (const { offset, bytes } of runs.read("t.1", 0)) {
      const first = (16 - (offset % 16)) % 16;
      if (first + 15 <= bytes.length) {
        expect(new TextDecoder().decode(bytes.subarray(first, first + 15))).toBe(number((offset + first) / 16));
      }
      kept += bytes.length;
    }
    expect(kept).toBeGreaterThan(keep.head);
    expect(kept).toBeLessThan(3 * 1024 * 1024);

    await output(place.box, ["sh", "-c", "cat /dev/zero >/small/full || :"]);
    const refused = runs.start({ id: "t.2", argv: ["true"], keep, errors: "merged" });
    await expect(refused).rejects.toMatchObject({ code: "disk_full" });
    expect((await runs.list()).map(({ id }) => id)).toEqual(["t.1"]);
  });

  test("that is full while a run goes on is told how that ended", async () => {
    const host = { Tmpfs: { "/small": "size=1m,mode=1777" } };
    await using place = await boxUnderTest(startBoxPlace({ host }), openSshBox);
    const runs = createRuns({ ...place.box, home: "/small" }, { clock });
    const code = "echo before; until [ -e /tmp/go ]; do sleep 0.02; done; head -c 100000 /dev/zero; echo after; exit 4";
    await runs.start({ id: "t.1", argv: ["sh", "-c", code], keep: { head: 10, tail: 10 }, errors: "merged" });
    await begun(runs, "t.1");
    await output(place.box, ["sh", "-c", "cat /dev/zero >/small/full || :; : >/tmp/go"]);
    expect(await runs.ended("t.1")).toEqual({ how: "exit", code: 4 });
    expect(await runs.list()).toMatchObject([{ end: "before\n".length + 100_000 + "after\n".length }]);
    await runs.end("t.1");
  });

  test("that has no Perl says so, and what to do", async () => {
    const started = await startBoxPlace();
    await started.asRoot("rm /usr/bin/perl*");
    await using place = await boxUnderTest(Promise.resolve(started), openSshBox);
    const runs = createRuns(place.box, { clock });
    const missing = { code: "box_feature_missing", next: expect.stringContaining("perl") };
    await expect(runs.list()).rejects.toMatchObject(missing);
    await expect(begin(runs, "t.1", "true")).rejects.toMatchObject(missing);
    await expect(runs.ended("t.1")).rejects.toMatchObject(missing);
    await expect(runs.end("t.1")).rejects.toMatchObject(missing);
    await expect(runs.read("t.1", 0)[Symbol.asyncIterator]().next()).rejects.toMatchObject(missing);
  });

  test("ends with a run what that became root for", async () => {
    await using place = await boxUnderTest(startBoxPlace(), openSshBox);
    const runs = createRuns(place.box, { clock });
    await begin(runs, "t.1", "sudo -n sh -c 'trap \"\" TERM; echo begun; while :; do sleep 86400; done'");
    await begun(runs, "t.1");
    await runs.end("t.1", { graceMs: 100 });
    expect(await runs.ended("t.1")).toMatchObject({ how: "cancelled" });
    expect(await output(place.box, ["sh", "-c", "ps -eo args | grep -c '[8]6400' || :"])).toBe("0\n");
  });
});

function begin(runs: Runs, id: string, code: string): Promise<unknown> {
  return runs.start({ id, argv: ["sh", "-c", code], keep: { head: 1_000, tail: 1_000 }, errors: "merged" });
}

async function begun(runs: Runs, id: string): Promise<void> {
  await runs.read(id, 0)[Symbol.asyncIterator]().next();
}

function number(line: number): string {
  return String(line).padStart(15, "0");
}
