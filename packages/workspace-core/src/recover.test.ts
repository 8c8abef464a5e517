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
  await eventually(next, () => next.get("demo").operation === undefined);
  expect(statusOf(next.get("demo"))).toBe(status);
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
  await eventually(h.workspaces, () => statusOf(h.workspaces.get("up")) === "stopped");
  await eventually(h.workspaces, () => statusOf(h.workspaces.get("up")) === "running");
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

test("after a reboot the records are true at once, while a post-start script still blocks its start", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "slow" });
  await h.workspaces.create({ name: "down" });
  await h.workspaces.stop("down");
  h.runtime.setReachable(false);
  await h.workspaces[Symbol.asyncDispose]();
  h.runtime.setReachable(true);
  const gate = Promise.withResolvers<void>();
  h.programs["script"] = () => gate.promise.then(() => ({}));
  h.scripts.push({ name: "slow.sh", content: new Uint8Array() });
  const next = h.reborn();
  await next.reconcile();
  expect(next.list().map(({ name, power, operation }) => [name, power, operation?.kind])).toEqual([
    ["slow", "stopped", "start"],
    ["down", "stopped", undefined],
  ]);
  const command = next.run("slow", ["echo", "after the reboot"]);
  gate.resolve();
  expect((await (await command).exit).code).toBe(0);
  expect(statusOf(next.get("slow"))).toBe("running");
  expect(next.get("slow").operation).toBeUndefined();
});

test("a command that waits for a start is let go by its signal, and told where the start fails", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  await h.workspaces.stop("demo");
  const gate = Promise.withResolvers<void>();
  h.runtime.intercept((method) => (method === "start" ? gate.promise : undefined));
  const starting = h.workspaces.start("demo");
  starting.catch(() => undefined);
  await eventually(h.workspaces, () => h.workspaces.get("demo").operation?.kind === "start");
  const impatient = new AbortController();
  const first = h.workspaces.run("demo", ["true"], { signal: impatient.signal });
  const second = h.workspaces.run("demo", ["true"]);
  for (const waiting of [first, second]) waiting.catch(() => undefined);
  impatient.abort();
  await expect(first).rejects.toMatchObject({ code: "aborted" });
  gate.reject(new Error("no room"));
  await expect(second).rejects.toMatchObject({ code: "workspace_not_running" });
  await expect(starting).rejects.toThrow("no room");
});

test("an engine that goes away while it starts again what ran leaves it to be started when it is back", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  h.runtime.setReachable(false);
  const reached = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<void>();
  h.runtime.intercept((method) => {
    if (method !== "start") return undefined;
    reached.resolve();
    return lost.promise;
  });
  h.runtime.setReachable(true);
  await reached.promise;
  expect(statusOf(h.workspaces.get("demo"))).toBe("stopped");
  h.runtime.setReachable(false);
  lost.resolve();
  await eventually(h.workspaces, () => h.workspaces.get("demo").failure?.code === "engine_unreachable");
  expect(h.workspaces.get("demo")).toMatchObject({ power: "running" });
  h.runtime.intercept(() => undefined);
  h.runtime.setReachable(true);
  await eventually(h.workspaces, () => h.workspaces.get("demo").startup.every(({ status }) => status === "done"));
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
