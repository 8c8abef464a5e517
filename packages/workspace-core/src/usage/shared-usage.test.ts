import { describe, expect, test } from "vitest";

import { WsError } from "../errors.ts";
import type { Workspaces } from "../api.ts";
import { createHarness, type Harness } from "../testing/harness.ts";
import type { WorkspaceId } from "../workspace.ts";
import type { WorkspaceUsage } from "./readings.ts";

describe("what workspaces use", () => {
  test("is told of those that run, with the share of the processor from the second reading on, and the limit of their own", async () => {
    await using harness = createHarness();
    const { workspaces, runtime, clock } = harness;
    const { id } = await workspaces.create({ name: "busy", limits: { memoryBytes: 64e6 } });
    const { id: other } = await workspaces.create({ name: "idle" });
    await workspaces.create({ name: "off" });
    await workspaces.stop("off");
    runtime.uses(id, { cpu: { usedMs: 100, atMs: 1_000 }, memoryBytes: 32e6, processes: 7 });
    const { told, leave } = look(workspaces);
    const at = clock.now();
    expect(await told()).toEqual([
      { id, memoryBytes: 32e6, memoryLimitBytes: 64e6, processes: 7, at },
      { id: other, memoryBytes: 1_048_576, processes: 1, at },
    ]);
    runtime.uses(id, { cpu: { usedMs: 850, atMs: 1_500 }, memoryBytes: 32e6, processes: 7 });
    const second = await goOn(harness, told);
    expect(second.map(({ cpuPercent }) => cpuPercent)).toEqual([150, 0]);
    await leave();
  });

  test("has no share of the processor where there was a new beginning, or no time went by", async () => {
    await using harness = createHarness();
    const { workspaces, runtime } = harness;
    const { id } = await workspaces.create({ name: "demo" });
    const { told, leave } = look(workspaces);
    for (const cpu of [
      { usedMs: 500, atMs: 1_000 },
      { usedMs: 10, atMs: 3_000 },
      { usedMs: 20, atMs: 3_000 },
    ]) {
      runtime.uses(id, { cpu });
      expect(Object.keys((await goOn(harness, told))[0] ?? {})).toEqual(["id", "at"]);
    }
    await leave();
  });

  test("is read once for all who look, from the first to the last of them, and whoever comes later has the latest at once", async () => {
    await using harness = createHarness();
    const { workspaces } = harness;
    await workspaces.create({ name: "demo" });
    const asked = counted(harness);
    const [first, second] = [look(workspaces), look(workspaces)];
    const reading = await first.told();
    expect(await second.told()).toBe(reading);
    expect(asked()).toBe(1);
    const late = look(workspaces);
    expect(await late.told()).toBe(reading);
    await first.leave();
    await late.leave();
    await goOn(harness, second.told);
    expect(asked()).toBe(2);
    await second.leave();
    harness.clock.advance(60_000);
    const again = look(workspaces);
    await again.told();
    expect(asked()).toBe(3);
    await again.leave();
  });

  test("is read of no more than somebody looks at, who is told of nothing else", async () => {
    await using harness = createHarness();
    const { workspaces, runtime } = harness;
    const { id } = await workspaces.create({ name: "mine" });
    const { id: other } = await workspaces.create({ name: "other" });
    const asked: (readonly WorkspaceId[])[] = [];
    const { usage } = runtime;
    runtime.usage = (ids, signal) => {
      asked.push(ids);
      return usage(ids, signal);
    };
    const one = look(workspaces, id);
    expect((await one.told()).map((usage) => usage.id)).toEqual([id]);
    expect(asked).toEqual([[id]]);
    const all = look(workspaces);
    const everything = all.told();
    expect((await goOn(harness, one.told)).map((usage) => usage.id)).toEqual([id]);
    expect((await everything).map((usage) => usage.id)).toEqual([id, other]);
    expect(asked).toEqual([[id], [id, other]]);
    await one.leave();
    await all.leave();
  });

  test("of what was deleted while it was read is not told any more", async () => {
    await using harness = createHarness();
    const { workspaces, runtime } = harness;
    await workspaces.create({ name: "gone" });
    const { id } = await workspaces.create({ name: "stays" });
    const answer = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    runtime.intercept((method) => {
      if (method !== "usage") return;
      began.resolve();
      return answer.promise;
    });
    const { told, leave } = look(workspaces);
    const reading = told();
    await began.promise;
    await workspaces.delete("gone", { force: true });
    answer.resolve();
    expect((await reading).map((usage) => usage.id)).toEqual([id]);
    await leave();
  });

  test("is not asked for again before a runtime has answered, whoever comes and goes, and one that is silent holds up no other", async () => {
    const twin = createHarness();
    const local = Object.assign(twin.runtime, { name: "local" as const });
    await using harness = createHarness({ others: [local] });
    const { workspaces, clock } = harness;
    const { id: silent } = await workspaces.create({ name: "silent" });
    const { id: well } = await workspaces.create({ name: "well", runtime: "local" });
    const first = look(workspaces);
    expect((await first.told()).map(({ id }) => id)).toEqual([silent, well]);
    const answer = Promise.withResolvers<void>();
    const asked = counted(harness, () => answer.promise);
    // For ten seconds what is known of it is told on.
    for (let round = 0; round < 2; round += 1) await goOn(harness, first.told);
    expect((await goOn(harness, first.told)).map(({ id }) => id)).toEqual([silent, well]);
    for (let round = 0; round < 5; round += 1) await goOn(harness, first.told);
    expect((await goOn(harness, first.told)).map(({ id }) => id)).toEqual([well]);
    await first.leave();
    const second = look(workspaces);
    const reading = second.told();
    await clock.idle();
    clock.advance(2_000);
    expect((await reading).map(({ id }) => id)).toEqual([well]);
    expect(asked()).toBe(1);
    answer.resolve();
    await expect.poll(async () => (await goOn(harness, second.told)).map(({ id }) => id)).toEqual([silent, well]);
    await second.leave();
  });

  test("goes on where an engine could not tell for a while, and ends quietly with whoever looks", async () => {
    await using harness = createHarness();
    const { workspaces, runtime } = harness;
    await workspaces.create({ name: "demo" });
    const leaving = new AbortController();
    const usage = workspaces.usage(leaving.signal);
    const told = async (): Promise<readonly WorkspaceUsage[]> => (await usage.next()).value ?? [];
    runtime.intercept((method) => {
      if (method === "usage")
        throw new WsError("engine_lost", { message: "It went away.", data: { runtime: "docker" } });
    });
    expect(await told()).toEqual([]);
    runtime.intercept(() => undefined);
    expect(await goOn(harness, told)).toHaveLength(1);
    const last = usage.next();
    leaving.abort();
    expect((await last).done).toBe(true);
  });
});

function look(workspaces: Workspaces, only?: WorkspaceId) {
  const leaving = new AbortController();
  const usage = workspaces.usage(leaving.signal, only);
  return {
    async told(): Promise<readonly WorkspaceUsage[]> {
      const { done, value } = await usage.next();
      if (done === true) throw new Error("it ended");
      return value;
    },
    async leave(): Promise<void> {
      leaving.abort();
      await usage.return();
    },
  };
}

/** The next reading: time goes on as long as nothing is told. */
async function goOn(
  { clock }: Pick<Harness, "clock">,
  told: () => Promise<readonly WorkspaceUsage[]>,
): Promise<readonly WorkspaceUsage[]> {
  let isTold = false;
  const reading = told().finally(() => (isTold = true));
  while (!isTold) {
    await clock.idle();
    clock.advance(500);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
  return reading;
}

/** How often the runtime was asked since. */
function counted({ runtime }: Harness, wait: () => Promise<void> | void = () => undefined): () => number {
  let count = 0;
  runtime.intercept((method) => {
    if (method !== "usage") return;
    count += 1;
    return wait();
  });
  return () => count;
}
