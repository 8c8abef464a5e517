import { expect, test } from "vitest";
import { WsError } from "./errors.ts";
import { createHarness, eventually } from "./testing/harness.ts";
import { statusOf } from "./workspace.ts";

const text = async (source: AsyncIterable<Uint8Array>): Promise<string> => {
  let all = "";
  for await (const part of source) all += new TextDecoder().decode(part);
  return all;
};

test("commands run with the setup's, the workspace's and the call's variables, in the repository", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", clone: "https://forge.test/a/b", env: { MINE: "2" } });
  const process = await h.workspaces.run("demo", ["env"], { env: { CALL: "3" } });
  expect(JSON.parse(await text(process.stdout))).toMatchObject({
    FROM_SETUP: "1",
    MINE: "2",
    CALL: "3",
    WS_NAME: "demo",
    WORKSPACE_REPO_URL: "https://forge.test/a/b",
  });
  expect(await text((await h.workspaces.run("demo", ["pwd"])).stdout)).toBe("/home/workspace/b");
});

test("a command is told that the engine went away, and not only that its channel did", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  const process = await h.workspaces.run("demo", ["forever"]);
  const output = text(process.stdout);
  h.runtime.setReachable(false);
  await expect(process.exit).rejects.toMatchObject({ code: "engine_unreachable" });
  await expect(output).rejects.toMatchObject({ code: "engine_unreachable" });
  await expect(h.workspaces.run("demo", ["true"])).rejects.toMatchObject({ code: "engine_unreachable" });
});

test("a step that the engine's loss cuts short says so", async () => {
  await using h = createHarness();
  h.programs["script"] = h.programs["forever"] ?? (() => ({}));
  h.scripts.push({ name: "slow.sh", content: new Uint8Array() });
  const creating = h.workspaces.create({ name: "demo" });
  creating.catch(() => undefined);
  await eventually(h.workspaces, () => h.workspaces.list().some(({ startup }) => startup.at(-1)?.status === "running"));
  h.runtime.setReachable(false);
  await expect(creating).rejects.toMatchObject({ code: "engine_unreachable" });
  expect(h.workspaces.get("demo").failure).toMatchObject({ step: "scripts", code: "engine_unreachable" });
});

test("a command whose place ends is told that its channel closed", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const process = await h.workspaces.run("demo", ["forever"]);
  h.runtime.crash(id, { code: 1, oom: false });
  await expect(process.exit).rejects.toMatchObject({ code: "box_closed" });
});

test("a command that a stop ends, and one that comes while it stops, are told that", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  const refusal = { code: "workspace_not_running", message: "'demo' was stopped.", next: "Start it: ws start demo." };
  const process = await h.workspaces.run("demo", ["forever"]);
  const gate = Promise.withResolvers<void>();
  const stopping = Promise.withResolvers<void>();
  h.runtime.intercept(async (method, id) => {
    if (method === "open") {
      throw new WsError("box_unavailable", { message: "It does not run.", data: { workspace: id ?? "" } });
    }
    if (method !== "stop") return;
    stopping.resolve();
    await gate.promise;
  });
  const stopped = h.workspaces.stop("demo");
  await stopping.promise;
  const [ended, late] = await Promise.allSettled([process.exit, h.workspaces.run("demo", ["true"])]);
  gate.resolve();
  expect(statusOf(await stopped)).toBe("stopped");
  expect(ended).toMatchObject({ reason: refusal });
  expect(late).toMatchObject({ reason: refusal });
});

test("stop, start and restart keep the home, and repeating them is success", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo", clone: "https://forge.test/a/b" });
  expect(statusOf(await h.workspaces.stop("demo"))).toBe("stopped");
  expect(statusOf(await h.workspaces.stop("demo"))).toBe("stopped");
  await expect(h.workspaces.run("demo", ["true"])).rejects.toMatchObject({
    code: "workspace_not_running",
    next: expect.stringContaining("ws start demo"),
  });
  expect(statusOf(await h.workspaces.start("demo"))).toBe("running");
  expect(statusOf(await h.workspaces.start("demo"))).toBe("running");
  expect(statusOf(await h.workspaces.restart("demo"))).toBe("running");
  expect(h.git.clones).toHaveLength(1);
  expect(await h.runtime.homes()).toEqual([id]);
});

test("starting an existing workspace with another repository names both", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", clone: "https://forge.test/a/b" });
  await expect(h.workspaces.start("demo", { clone: "https://forge.test/a/c" })).rejects.toMatchObject({
    code: "repository_mismatch",
    message: expect.stringMatching(/a\/b.*a\/c/),
  });
  await expect(h.workspaces.start("demo", { clone: "https://forge.test/a/b" })).resolves.toBeDefined();
});

test("a renamed workspace keeps its id and home, frees its old name, and refuses a taken one", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "a" });
  await h.workspaces.create({ name: "c" });
  expect((await h.workspaces.rename("a", "b")).id).toBe(id);
  expect((await h.runtime.find(id))?.name).toBe("b");
  expect(() => h.workspaces.get("a")).toThrow(expect.objectContaining({ code: "workspace_not_found" }));
  await expect(h.workspaces.rename("b", "c")).rejects.toMatchObject({ code: "name_taken" });
  await expect(h.workspaces.rename("b", "B!")).rejects.toMatchObject({ code: "invalid_name" });
  expect((await h.workspaces.create({ name: "a" })).id).not.toBe(id);
  expect(h.workspaces.get("b").operation).toBeUndefined();
});

test("a rename that the engine refuses gives the old name back", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "a" });
  h.runtime.intercept((method) => {
    if (method === "rename") throw new Error("refused");
  });
  await expect(h.workspaces.rename("a", "b")).rejects.toThrow("refused");
  expect(h.workspaces.get("a").operation).toBeUndefined();
});

test("delete removes place and home, frees the name and keeps no secret", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", env: { TOKEN: "canary" } });
  await h.workspaces.delete("demo");
  expect([await h.runtime.list(), await h.runtime.homes(), h.workspaces.list()]).toEqual([[], [], []]);
  expect(JSON.stringify(h.store.list({ cleanedUp: true }))).not.toContain("canary");
  await expect(h.workspaces.delete("demo")).rejects.toMatchObject({ code: "workspace_not_found" });
  await h.workspaces.create({ name: "demo" });
});

test("deleting during a create cancels it and leaves nothing", async () => {
  await using h = createHarness();
  h.programs["script"] = h.programs["forever"] ?? (() => ({}));
  h.scripts.push({ name: "slow.sh", content: new Uint8Array() });
  const creating = h.workspaces.create({ name: "demo" });
  creating.catch(() => undefined);
  await eventually(h.workspaces, () => h.workspaces.list().some(({ startup }) => startup.at(-1)?.status === "running"));
  await h.workspaces.delete("demo");
  await expect(creating).rejects.toMatchObject({ code: "aborted" });
  expect([await h.runtime.list(), await h.runtime.homes(), h.workspaces.list()]).toEqual([[], [], []]);
});

test("two deletes at once are both success", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  await Promise.all([h.workspaces.delete("demo"), h.workspaces.delete("demo")]);
  expect(h.workspaces.list()).toEqual([]);
});

test("operations on one workspace wait for one another", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  const order: string[] = [];
  h.runtime.intercept((method) => {
    if (method === "start" || method === "stop") order.push(method);
  });
  await Promise.all([h.workspaces.stop("demo"), h.workspaces.start("demo"), h.workspaces.restart("demo")]);
  expect(order).toEqual(["stop", "start", "stop", "start"]);
});

test("a place that dies by itself is stopped with the reason", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  h.runtime.crash(id, { code: 137, oom: true });
  await eventually(h.workspaces, () => statusOf(h.workspaces.get("demo")) === "stopped");
  expect(h.workspaces.get("demo").stopReason).toContain("out of memory");
  expect(statusOf(await h.workspaces.start("demo"))).toBe("running");
  expect(h.workspaces.get("demo").stopReason).toBeUndefined();
});

test("a TTL that begins anew while another one's workspace is being stopped is whole", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "one", ttlMs: 60_000 });
  await h.workspaces.create({ name: "two", ttlMs: 120_000 });
  const [halting, halted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  h.runtime.intercept(async (method, of) => {
    if (method !== "stop" || of !== id) return;
    halting.resolve();
    await halted.promise;
  });
  for (let time = 0; time < 2; time += 1) {
    await h.clock.idle();
    h.clock.advance(30_000);
  }
  await halting.promise;
  h.workspaces.touch("two");
  halted.resolve();
  await h.clock.idle();
  // Only what the tick itself takes is gone.
  expect(h.workspaces.get("two").ttlRemainingMs).toBe(90_000);
});

test("the TTL stops a workspace and never deletes it, whatever wall time does", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", ttlMs: 3_600_000 });
  await h.workspaces.create({ name: "other" });
  for (const jump of [86_400_000, -86_400_000, 365 * 86_400_000]) {
    h.clock.jump(jump);
    await h.clock.idle();
    h.clock.advance(30_000);
  }
  await h.clock.idle();
  expect(statusOf(h.workspaces.get("demo"))).toBe("running");
  h.clock.advance(3_600_000);
  await eventually(h.workspaces, () => statusOf(h.workspaces.get("demo")) === "stopped");
  expect(h.workspaces.get("demo").stopReason).toContain("TTL");
  expect(statusOf(h.workspaces.get("other"))).toBe("running");
  expect(await h.runtime.homes()).toHaveLength(2);
  expect((await h.workspaces.start("demo")).ttlRemainingMs).toBe(3_600_000);
});

test("an unknown name is answered with the nearest one", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  expect(() => h.workspaces.get("dem")).toThrow(
    expect.objectContaining({ code: "workspace_not_found", next: expect.stringContaining("'demo'") }),
  );
});

test("a start that waited behind a delete does not bring the workspace back", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  await h.workspaces.stop("demo");
  const outcomes = await Promise.allSettled([
    h.workspaces.delete("demo"),
    h.workspaces.start("demo"),
    h.workspaces.restart("demo"),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  expect(outcomes[1]).toMatchObject({ reason: { code: "workspace_not_found" } });
  expect([await h.runtime.list(), await h.runtime.homes(), h.workspaces.list()]).toEqual([[], [], []]);
});

test("a delete does not wait for a script that hangs in a start", async () => {
  await using h = createHarness();
  const { starting } = await startThatHangs(h);
  await h.workspaces.delete("demo");
  await expect(starting).rejects.toMatchObject({ code: "aborted" });
  expect(await h.runtime.homes()).toEqual([]);
});

test("a start that the agent's going away cut short is gone on with by the next agent", async () => {
  await using h = createHarness();
  await startThatHangs(h);
  await h.workspaces[Symbol.asyncDispose]();
  h.scripts.length = 0;
  const next = h.reborn();
  await next.reconcile();
  await eventually(next, () => next.get("demo").operation === undefined);
  expect(statusOf(next.get("demo"))).toBe("running");
});

/** Starts `demo` with a script that never ends, and waits until it runs. */
async function startThatHangs(h: ReturnType<typeof createHarness>): Promise<{ starting: Promise<unknown> }> {
  await h.workspaces.create({ name: "demo" });
  await h.workspaces.stop("demo");
  h.programs["script"] = h.programs["forever"] ?? (() => ({}));
  h.scripts.push({ name: "slow.sh", content: new Uint8Array() });
  const starting = h.workspaces.start("demo");
  starting.catch(() => undefined);
  await eventually(h.workspaces, () => h.workspaces.get("demo").startup.at(-1)?.status === "running");
  return { starting };
}
