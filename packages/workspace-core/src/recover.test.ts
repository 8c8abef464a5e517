import { expect, test } from "vitest";
import { createHarness, eventually, type Harness } from "./testing/harness.ts";
import { statusOf } from "./workspace.ts";

/** Lets the engine reach the call and then never hear of it again, as SIGKILL does. */
async function dieIn(h: Harness, method: string, begin: () => Promise<unknown>): Promise<void> {
  const reached = Promise.withResolvers<void>();
  h.runtime.intercept((called) => {
    if (called !== method) return undefined;
    reached.resolve();
    return new Promise<never>(() => undefined);
  });
  void begin().catch(() => undefined);
  await reached.promise;
  h.runtime.intercept(() => undefined);
}

test.each(["prepare", "create", "start", "open"])(
  "killed in the %s of a create, the next agent finds it failed, says at which step, and leaves nothing behind",
  async (method) => {
    await using h = createHarness();
    await dieIn(h, method, () => h.workspaces.create({ name: "demo" }));
    const next = h.reborn();
    await next.reconcile();
    const record = next.get("demo");
    expect(record).toMatchObject({ phase: "error", failure: { code: "interrupted" } });
    expect(record.failure?.next).toContain("ws start demo");
    expect([await h.runtime.list(), await h.runtime.homes()]).toEqual([[], []]);
    expect(statusOf(await next.start("demo"))).toBe("running");
  },
);

test("killed in a delete, the next agent finishes it", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  await dieIn(h, "remove", () => h.workspaces.delete("demo"));
  const next = h.reborn();
  await next.reconcile();
  expect([next.list(), await h.runtime.list(), await h.runtime.homes()]).toEqual([[], [], []]);
});

test.each([
  ["stop", "stop", "stopped"],
  ["restart", "stop", "running"],
  ["restart", "start", "running"],
] as const)("killed in a %s at %s, the next agent leaves the workspace %s", async (operation, method, status) => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  await dieIn(h, method, () => h.workspaces[operation]("demo"));
  const next = h.reborn();
  await next.reconcile();
  expect(statusOf(next.get("demo"))).toBe(status);
  expect(next.get("demo").operation).toBeUndefined();
  expect((await h.runtime.list()).map(({ power }) => power)).toEqual([status]);
});

test("killed in a rename, the next agent carries the new name to the engine", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "a" });
  await dieIn(h, "rename", () => h.workspaces.rename("a", "b"));
  const next = h.reborn();
  await next.reconcile();
  expect(next.get("b").operation).toBeUndefined();
  expect((await h.runtime.find(id))?.name).toBe("b");
});

test("after an engine restart what was running runs again and what was stopped stays stopped", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "up" });
  await h.workspaces.create({ name: "down" });
  await h.workspaces.stop("down");
  h.runtime.setReachable(false);
  await expect(h.workspaces.start("down")).rejects.toMatchObject({ code: "engine_unreachable" });
  h.runtime.setReachable(true);
  await eventually(h.workspaces, () => h.workspaces.get("up").startup.every(({ status }) => status === "done"));
  await h.workspaces.reconcile();
  expect([statusOf(h.workspaces.get("up")), statusOf(h.workspaces.get("down"))]).toEqual(["running", "stopped"]);
  expect((await h.runtime.list()).map(({ name, power }) => `${name} ${power}`).sort()).toEqual([
    "down stopped",
    "up running",
  ]);
});

test("an unreachable engine makes a create fail with its code, and reconcile waits for it", async () => {
  await using h = createHarness();
  h.runtime.setReachable(false);
  await expect(h.workspaces.create({ name: "demo" })).rejects.toMatchObject({ code: "engine_unreachable" });
  await h.workspaces.reconcile();
  h.runtime.setReachable(true);
  await h.workspaces.reconcile();
  expect(h.workspaces.get("demo")).toMatchObject({ phase: "error", failure: { code: "engine_unreachable" } });
  expect(h.workspaces.get("demo").operation).toBeUndefined();
});

test("a place that somebody removed leaves its workspace stopped, and a start makes it again with the same home", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo", clone: "https://forge.test/a/b" });
  await h.runtime.abandon(id);
  await h.workspaces.reconcile();
  expect(h.workspaces.get("demo")).toMatchObject({ power: "stopped", stopReason: expect.stringContaining("gone") });
  await h.workspaces.start("demo");
  expect(h.git.clones).toHaveLength(1);
  const box = await h.workspaces.box("demo");
  await expect(box.files.stat("/home/workspace/b/README.md")).resolves.toMatchObject({ type: "file" });
});

test("a place without a record loses its place after ten minutes and keeps its home", async () => {
  await using h = createHarness();
  await h.runtime.create({ id: "ws-stranger", name: "stranger", profile: "person", limits: {} });
  await h.workspaces.reconcile();
  expect(await h.runtime.list()).toHaveLength(1);
  h.clock.advance(601_000);
  await h.workspaces.reconcile();
  expect([await h.runtime.list(), await h.runtime.homes()]).toEqual([[], ["ws-stranger"]]);
});

test("a deleted workspace's leftovers are removed with their home", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  await h.workspaces.delete("demo");
  await h.runtime.create({ id, name: "demo", profile: "person", limits: {} });
  await h.workspaces.reconcile();
  expect([await h.runtime.list(), await h.runtime.homes()]).toEqual([[], []]);
});
