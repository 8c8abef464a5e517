import { createManualClock, type ManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";

import { boxClosed } from "./box-errors.ts";
import type { ProcessHost, RawOptions, RawProcess } from "./process-host.ts";
import { endGroup } from "./groups.ts";
import { runProcess } from "./run.ts";

const STARTED = "\u0001ws started 42\n";

/** A way into a container in which nothing answers but what the test says. */
function createHost(start: (options: RawOptions, kills: string[]) => Promise<RawProcess>): {
  host: ProcessHost;
  clock: ManualClock;
  /** What was done to the processes, and the code of each but the first. */
  told: string[];
} {
  const told: string[] = [];
  const clock = createManualClock();
  let count = 0;
  const host: ProcessHost = {
    id: "ws-a",
    home: "/home/workspace",
    environment: {},
    groups: "/run/groups",
    clock,
    closedError: () => boxClosed("ws-a"),
    start(code, options) {
      count += 1;
      if (count === 1) return start(options, told);
      told.push(/L=\d+/.exec(code)?.[0] ?? "code");
      return Promise.resolve(raw(told, Promise.resolve({ code: 0 })));
    },
  };
  return { host, clock, told };
}

function raw(told: string[], exit: RawProcess["exit"] = new Promise(() => undefined)): RawProcess {
  return {
    exit,
    write: () => Promise.resolve(true),
    endInput: () => undefined,
    resume: () => undefined,
    resize: () => undefined,
    kill: () => void told.push("kill"),
    release: () => void told.push("release"),
  };
}

test("A signal is heard while a program is being started, and what was started in its place is ended", async () => {
  const limit = new AbortController();
  const { host, clock, told } = createHost((_options, kills) => Promise.resolve(raw(kills)));
  const running = runProcess(host, ["true"], { signal: limit.signal });
  await Promise.resolve();
  limit.abort();
  await expect(running).rejects.toMatchObject({ code: "aborted" });
  await clock.idle();
  expect(told).toEqual(["kill"]);
  clock.advance(60_000);
  await expect.poll(() => told).toEqual(["kill", "release"]);
});

test("A signal is heard while the way in does not answer, and what comes late is ended", async () => {
  const limit = new AbortController();
  const late = Promise.withResolvers<RawProcess>();
  const { host, told } = createHost(() => late.promise);
  const running = runProcess(host, ["true"], { signal: limit.signal });
  limit.abort();
  await expect(running).rejects.toMatchObject({ code: "aborted" });
  late.resolve(raw(told, Promise.resolve({ code: 137 })));
  await expect.poll(() => told).toEqual(["kill", "release"]);
});

test("A program that has just been started when the signal comes is ended as every other", async () => {
  const limit = new AbortController();
  const { host, told } = createHost((options, kills) => {
    options.stderr.push(Buffer.from(STARTED));
    limit.abort();
    return Promise.resolve(raw(kills));
  });
  await expect(runProcess(host, ["true"], { signal: limit.signal })).rejects.toMatchObject({ code: "aborted" });
  await expect.poll(() => told).toEqual(["L=42", "release"]);
});

test.each([
  ["never ends what it says", "x".repeat(100_000)],
  ["claims to have become no process", "\u0001ws started x\n"],
  ["claims what there is not", "\u0001ws bad_cwd because\n"],
])("A login shell that %s starts nothing, and is ended", async (_what, said) => {
  const { host, told, clock } = createHost((options, kills) => {
    options.stderr.push(Buffer.from(said));
    return Promise.resolve(raw(kills));
  });
  await expect(runProcess(host, ["true"])).rejects.toMatchObject({ code: "internal" });
  await clock.idle();
  clock.advance(60_000);
  await expect.poll(() => told).toEqual(["kill", "release"]);
});

test("A command ends on request also where the workspace ends no processes any more", async () => {
  const limit = new AbortController();
  const { host, clock } = createHost((options, kills) => {
    options.stderr.push(Buffer.from(STARTED));
    return Promise.resolve(raw(kills));
  });
  host.start = ((first) => {
    let count = 0;
    return (code: string, options: RawOptions) => {
      count += 1;
      return count === 1 ? first(code, options) : Promise.resolve(raw([]));
    };
  })(host.start);
  const { exit } = await runProcess(host, ["true"], { signal: limit.signal });
  limit.abort();
  await clock.idle();
  clock.advance(60_000);
  await expect(exit).rejects.toMatchObject({ code: "aborted" });
});

test("Ending a group has an end, and can be given up", async () => {
  const { host, clock } = createHost((_options, kills) => Promise.resolve(raw(kills)));
  const ending = endGroup(host, "scripts");
  ending.catch(() => undefined);
  await clock.idle();
  clock.advance(600_000);
  await expect(ending).rejects.toMatchObject({ code: "timeout" });
});

test("A signal that is not sent in time says that it was a signal", async () => {
  const { host, clock } = createHost((options, kills) => {
    options.stderr.push(Buffer.from(STARTED));
    return Promise.resolve(raw(kills));
  });
  const { signal } = await runProcess(host, ["true"]);
  host.start = () => new Promise(() => undefined);
  const sending = signal("SIGINT");
  sending.catch(() => undefined);
  await clock.idle();
  clock.advance(10_000);
  await expect(sending).rejects.toMatchObject({ code: "timeout", message: /were sent SIGINT/ });
});
