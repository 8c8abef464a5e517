import { describe, expect, test } from "vitest";
import { orAborted } from "../../aborted.ts";
import { WsError } from "../../errors.ts";
import { agentTask } from "../../testing/agent-stand-in/agent-task.ts";
import { BY, codeOf, KEYS, MINUTE, over, told, until } from "../../testing/agent-stand-in/asking.ts";
import { commandTask, createTaskWorld } from "../../testing/task-world.ts";
import { agentTools } from "./agent-tools.ts";

describe("a coding tool", () => {
  test("without a key is not started, and is told its prompt once it has one", async () => {
    const world = createTaskWorld();
    const place = world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("ok"));
    expect(await until(tasks, id, "auth_failed")).toMatchObject({
      attempt: 0,
      error: { code: "login_needed", next: expect.stringContaining(`ws task resume ${id}`) as string },
    });
    expect(place.runs.begun).toEqual([]);
    place.variables = KEYS;
    tasks.resume(id, BY);
    expect(await over(tasks, id)).toMatchObject({ status: "completed", attempt: 1, result: "Did: ok" });
    expect(told(world)).toEqual([["ok"]]);
  });

  test("with a key that did not hold goes on in its conversation with one that does", async () => {
    const world = createTaskWorld();
    const place = world.place("a", { variables: { ANTHROPIC_API_KEY: "bad" } });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("noauth"));
    expect(await until(tasks, id, "auth_failed")).toMatchObject({ attempt: 1, session: "ses-1" });
    place.variables = { ANTHROPIC_API_KEY: "good" };
    tasks.resume(id, BY);
    expect((await over(tasks, id)).status).toBe("completed");
    expect(told(world)).toEqual([["noauth", "Continue."]]);
  });

  test("that was told something further before it could begin is given its prompt, too", async () => {
    const world = createTaskWorld();
    const place = world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("ok"));
    await until(tasks, id, "auth_failed");
    place.variables = KEYS;
    tasks.resume(id, { prompt: "And mind the tests.", ...BY });
    expect((await over(tasks, id)).status).toBe("completed");
    expect(told(world)).toEqual([["ok\n\nAnd mind the tests."]]);
  });

  test("that has a login of its own in its home needs no key", async () => {
    const world = createTaskWorld();
    world.place("a", { files: [".claude/.credentials.json"] });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("ok"));
    expect(await over(tasks, id)).toMatchObject({ status: "completed", account: "claude:ws-a" });
  });

  test("is provided before it is started; what the task waits for meanwhile is told", async () => {
    const ready = Promise.withResolvers<void>();
    const waits = { code: "tool_installing", message: "claude is being installed." };
    const world = createTaskWorld({
      provide: async (tool, { report }) => {
        report({ ...waits, message: `${tool.name} is being installed.` });
        await ready.promise;
        return undefined;
      },
    });
    const { runs } = world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("ok"));
    expect(await tasks.until(id, (record) => record.waits !== undefined)).toMatchObject({ status: "pending", waits });
    expect(runs.begun).toEqual([]);
    ready.resolve();
    const done = await over(tasks, id);
    expect(done.status).toBe("completed");
    expect(done).not.toHaveProperty("waits");
  });

  test("that is cancelled while it is provided is over at once, and holds up nothing", async () => {
    const signals: AbortSignal[] = [];
    const world = createTaskWorld({
      limits: { perWorkspace: 1, global: 1 },
      provide: async (_tool, { report, signal }) => {
        report({ code: "tool_installing", message: "It is being installed." });
        signals.push(signal);
        return orAborted(new Promise<never>(() => undefined), signal);
      },
    });
    const { runs } = world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("ok"));
    await tasks.until(id, ({ waits }) => waits !== undefined);
    expect((await tasks.cancel(id)).status).toBe("cancelled");
    expect((await over(tasks, tasks.create(commandTask(["say"])).id)).status).toBe("completed");
    expect([signals.length, signals[0]?.aborted, runs.begun.length]).toEqual([1, true, 1]);
    expect(tasks.get(id)).not.toHaveProperty("waits");
  });

  test("that was being provided when the agent was killed, or its way in was lost, is provided again", async () => {
    let tries = 0;
    const world = createTaskWorld({
      provide: async (_tool, { report, signal }) => {
        report({ code: "tool_installing", message: "It is being installed." });
        tries += 1;
        if (tries === 1) return orAborted(new Promise<never>(() => undefined), signal);
        if (tries === 2) throw new WsError("box_closed", { message: "Gone.", data: { workspace: "ws-a" } });
        return undefined;
      },
    });
    world.place("a", { variables: KEYS });
    const before = world.boot();
    const { id } = before.create(agentTask("ok"));
    await before.until(id, ({ waits }) => waits !== undefined);
    await before[Symbol.asyncDispose]();
    expect(world.store.get(id)?.waits?.code).toBe("tool_installing");
    await using tasks = world.boot();
    await world.pass(0);
    expect(tasks.get(id)).not.toHaveProperty("waits");
    await world.pass(1_000);
    expect(await over(tasks, id)).toMatchObject({ status: "completed", attempt: 1 });
    expect(tries).toBe(3);
  });

  test("whose description is gone is not completed, whatever it said", async () => {
    const tools = new Map(agentTools());
    const world = createTaskWorld({ tools });
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("slow 1000"));
    await tasks.until(id, ({ session }) => session !== undefined);
    tools.delete("claude");
    world.disconnect("ws-a");
    await world.pass(1_000);
    await world.pass(1_000);
    expect(await over(tasks, id)).toMatchObject({ status: "failed", error: { code: "tool_unknown" } });
  });

  test("that cannot be provided fails its task at once, whatever its retries", async () => {
    const error = { code: "tool_missing", message: "npm said no." };
    const world = createTaskWorld({ provide: async () => error });
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("ok", {}, { retries: 5 }));
    expect(await over(tasks, id)).toMatchObject({ status: "failed", attempt: 0, error });
  });

  test("that says nothing for two hours is ended", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id, timeoutMs } = tasks.create(agentTask("stuck"));
    expect(timeoutMs).toBe(120 * MINUTE);
    await until(tasks, id, "running");
    await world.pass(119 * MINUTE);
    expect(tasks.get(id).status).toBe("running");
    await world.pass(MINUTE);
    expect(await over(tasks, id)).toMatchObject({ status: "failed", error: { code: "timeout" } });
  });

  test.each(["claude", "codex", "opencode"])(
    "that said it was done is done, also where its process (%s) goes on until its time limit",
    async (tool) => {
      const world = createTaskWorld();
      const { runs } = world.place("a", { variables: { ...KEYS, OPENAI_API_KEY: "k2" } });
      await using tasks = world.boot();
      const asked = agentTask("linger", { tool, model: "anthropic/one" }, { timeoutMs: 30_000 });
      const { id } = tasks.create(asked);
      await tasks.until(id, ({ session }) => session !== undefined);
      await world.pass(30_000);
      expect(await over(tasks, id)).toMatchObject({ status: "completed", attempt: 1, result: "All done." });
      expect((await runs.list()).map(({ ended }) => ended?.how)).toEqual(["timeout"]);
    },
  );

  test("that fails is tried again in its conversation", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("die", {}, { retries: 1 }));
    await tasks.until(id, ({ retriesLeft }) => retriesLeft === 0);
    await world.pass(1_000);
    expect(await over(tasks, id)).toMatchObject({ status: "failed", attempt: 2, exit: { code: 3 } });
    expect(told(world)).toEqual([["die", "Continue."]]);
  });

  test("that fails before it names its conversation is given its prompt again", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("early-die", {}, { retries: 1 }));
    await tasks.until(id, ({ retriesLeft }) => retriesLeft === 0);
    await world.pass(1_000);
    const record = await over(tasks, id);
    expect(record).toMatchObject({ status: "failed", attempt: 2 });
    expect(record).not.toHaveProperty("session");
    expect(told(world)).toEqual([["early-die"], ["early-die"]]);
  });

  test("that is cancelled while it runs, asks or is limited is over, and nothing of it goes on", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    for (const [scene, status] of [
      ["hang", "running"],
      ["ask", "waiting_input"],
      ["limit 1", "limited"],
    ] as const) {
      const { id } = tasks.create(agentTask(scene));
      await until(tasks, id, status);
      await world.pass(0);
      expect((await tasks.cancel(id)).status).toBe("cancelled");
    }
    await world.pass(10 * MINUTE);
    expect(tasks.list().every(({ status }) => status === "cancelled")).toBe(true);
  });

  test("goes on in its workspace's next life where it may, and says how otherwise", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const made = [true, false].map((restartable) => tasks.create(agentTask("stuck", {}, { restartable })).id);
    for (const id of made) await tasks.until(id, ({ session }) => session !== undefined);
    world.stop("ws-a");
    const [again = "task-", not = "task-"] = made;
    expect(await over(tasks, not)).toMatchObject({
      status: "failed",
      error: { code: "workspace_stopped", next: `Go on with its conversation: ws task resume ${not} "Continue."` },
    });
    await world.pass(1_000);
    await tasks.until(again, ({ attempt }) => attempt === 2);
    await world.pass(0);
    expect(told(world)).toEqual([["stuck", "Continue."], ["stuck"]]);
  });
});

test.each([
  ["tool_unknown", agentTask("ok", { tool: "nobody" })],
  ["invalid_input", agentTask("ok", { tool: "../claude" })],
  ["invalid_input", agentTask("ok", { tool: "opencode" })],
  ["invalid_input", agentTask("  ")],
  ["invalid_input", agentTask("a\0b")],
  ["invalid_input", agentTask("x".repeat(1024 * 1024 + 1))],
  ["invalid_input", agentTask("ok", { model: "--dangerous" })],
  ["invalid_input", agentTask("ok", { model: "a b" })],
  ["invalid_input", agentTask("ok", { session: "-c" })],
  ["invalid_input", agentTask("ok", { action: "a/b" })],
])("is refused with %s", async (code, request) => {
  const world = createTaskWorld();
  world.place("a", { variables: KEYS });
  await using tasks = world.boot();
  expect(codeOf(() => tasks.create(request))).toBe(code);
  expect(tasks.list()).toEqual([]);
});
