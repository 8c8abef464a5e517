import { createHarness } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { keepUsageHistory } from "./keep-usage-history.ts";
import type { UsageSample } from "./usage-history-store.ts";

describe("the history of what workspaces use", () => {
  test("is measured every ten seconds without anybody who looks, written once a minute, and known before that", async () => {
    await using world = setUp();
    const { h, kept, written, begin, after } = world;
    const { id } = await h.workspaces.create({ name: "demo" });
    h.runtime.uses(id, { cpu: { usedMs: 0, atMs: 0 }, memoryBytes: 5_000, processes: 2 });
    await begin();
    h.runtime.uses(id, { cpu: { usedMs: 250, atMs: 500 }, memoryBytes: 5_000, processes: 2 });
    await after(500);
    for (let at = 0; at < 5; at += 1) await after(10_000);
    expect(written).toEqual([]);
    const { points, everyMs, gapMs } = kept.of(id, "hour");
    expect(points).toHaveLength(7);
    expect(points[0]).toEqual({ at: expect.any(Number) as number, memoryBytes: 5_000, processes: 2 });
    expect(points[1]).toMatchObject({ cpuPercent: 50 });
    expect([everyMs, gapMs]).toEqual([10_000, 25_000]);
    await after(10_000);
    expect(written).toHaveLength(8);
    expect(kept.of(id, "hour").points).toEqual([]);
  });

  test("has what a home takes on the disk, as it was last measured", async () => {
    await using world = setUp();
    const { h, kept, begin } = world;
    const { id } = await h.workspaces.create({ name: "demo" });
    h.store.update({ ...h.workspaces.get("demo"), diskBytes: 77 });
    await begin();
    expect(kept.of(id, "hour").points[0]?.diskBytes).toBe(77);
  });

  test("is written before it is asked for a day of it, which is made of what is written", async () => {
    await using world = setUp();
    const { h, kept, written, begin } = world;
    const { id } = await h.workspaces.create({ name: "demo" });
    await begin();
    expect(kept.of(id, "day")).toMatchObject({ everyMs: 300_000, gapMs: 750_000 });
    expect(written).toHaveLength(1);
  });

  test("has nothing of the time in which a workspace was stopped", async () => {
    await using world = setUp();
    const { h, kept, begin, after } = world;
    const { id } = await h.workspaces.create({ name: "demo" });
    await begin();
    await after(500);
    await h.workspaces.stop("demo");
    for (let at = 0; at < 4; at += 1) await after(10_000);
    expect(kept.of(id, "hour").points).toHaveLength(2);
  });

  test("is measured less often where many run, so that it stays below a percent of a core", async () => {
    await using world = setUp();
    const { h, kept, begin, after } = world;
    for (let at = 0; at < 50; at += 1) await h.workspaces.create({ name: `w-${at}` });
    await begin();
    await after(500);
    const { id } = h.workspaces.get("w-0");
    expect(kept.of(id, "hour")).toMatchObject({ everyMs: 30_000, gapMs: 75_000 });
    const before = kept.of(id, "hour").points.length;
    await after(29_000);
    expect(kept.of(id, "hour").points).toHaveLength(before);
    await after(1_000);
    expect(kept.of(id, "hour").points).toHaveLength(before + 1);
  });

  test("is written down as the agent ends, and a full disk costs no more than the history", async () => {
    const world = setUp();
    const { h, kept, written, begin, after } = world;
    const { id } = await h.workspaces.create({ name: "demo" });
    world.fails = true;
    await begin();
    await after(500);
    for (let at = 0; at < 6; at += 1) await after(10_000);
    expect(kept.of(id, "hour").points).toHaveLength(8);
    world.fails = false;
    await world[Symbol.asyncDispose]();
    expect(written).toHaveLength(8);
  });
});

function setUp() {
  const h = createHarness();
  const closing = new AbortController();
  const written: UsageSample[] = [];
  const world = { fails: false };
  const ready = Promise.withResolvers<void>();
  const kept = keepUsageHistory({
    workspaces: async () => {
      await ready.promise;
      return h.workspaces;
    },
    store: {
      append(samples) {
        if (world.fails) throw new Error("the disk is full");
        written.push(...samples);
      },
      hour: () => [],
      day: () => [],
    },
    clock: h.clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    closing: closing.signal,
  });
  return Object.assign(world, {
    h,
    kept,
    written,
    async begin(): Promise<void> {
      ready.resolve();
      await settled();
    },
    async after(ms: number): Promise<void> {
      await settled();
      h.clock.advance(ms);
      await settled();
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await h[Symbol.asyncDispose]();
    },
  });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
