import type { Box, Clock } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";

import { openExecBox } from "../exec-box.ts";
import { openSshBox } from "../ssh-box.ts";
import { type BoxPlace, startBoxPlace } from "../testing/box-place.ts";

describe("where a workspace's shell is none any more", () => {
  test.each([
    ["SSH", openSshBox],
    ["exec", openExecBox],
  ])("over %s a signal ends a program that it never starts", async (_way, open) => {
    await using place = await startBoxPlace();
    await using box = await open(place.options());
    await loseShell(place, box);
    const limit = new AbortController();
    const running = box.run(["true"], { signal: limit.signal });
    running.catch(() => undefined);
    const sleepers = async (): Promise<number> =>
      ((await place.container.top()).Processes as string[][]).filter((fields) => fields.at(-1)?.includes("perl"))
        .length;
    await expect.poll(sleepers).toBe(1);
    limit.abort();
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    // The engine ends no process that it was asked to start; with the place it ends too.
    if (open === openSshBox) await expect.poll(sleepers).toBe(0);
  });

  test.each([
    ["SSH", openSshBox],
    ["exec", openExecBox],
  ])("over %s a terminal that it never starts is given up after some time", async (_way, open) => {
    await using place = await startBoxPlace();
    const { clock, ...options } = place.options();
    let isHurried = false;
    const sleep: Clock["sleep"] = (ms, signal) => clock.sleep(isHurried && ms === 15_000 ? 500 : ms, signal);
    await using box = await open({ ...options, clock: { ...clock, sleep } });
    await loseShell(place, box);
    isHurried = true;
    const opening = box.openPty(["true"], { size: { cols: 80, rows: 24 } });
    await expect(opening).rejects.toThrow("it said nothing within 15 s");
  });
});

/** From now on /bin/sh runs nothing, and does not end when it is told to. */
async function loseShell(place: BoxPlace, box: Box): Promise<void> {
  const sleeper = "#!/usr/bin/perl\n$SIG{$_} = 'IGNORE' for qw(TERM HUP INT); sleep 86400 while 1;\n";
  await box.files.write(`${box.home}/sh`, Buffer.from(sleeper), { mode: 0o755 });
  await place.asRoot('mv /home/workspace/sh "$(readlink -f /bin/sh)"');
}
