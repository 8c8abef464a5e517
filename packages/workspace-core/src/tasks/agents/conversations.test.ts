import { describe, expect, test } from "vitest";
import { agentTask } from "../../testing/agent-stand-in/agent-task.ts";
import { BY, codeOf, KEYS, over, statuses, told, until } from "../../testing/agent-stand-in/asking.ts";
import { commandTask, createTaskWorld } from "../../testing/task-world.ts";
import { requireAnswer } from "../again-refusals.ts";
import type { TaskId } from "../task.ts";

const RECORD = { id: "task-1", status: "waiting_input" } as const;

describe("a conversation", () => {
  test("is gone on with by one task at a time, in their order", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("slow 1000"));
    await tasks.until(id, ({ session }) => session !== undefined);
    await world.pass(1_000);
    const { session = "" } = await over(tasks, id);
    const more = ["one", "two", "three"].map((prompt) => tasks.resume(id, { prompt, ...BY }).id);
    await world.pass(0);
    expect(statuses(tasks, more)).toEqual(["running", "pending", "pending"]);
    for (const other of more) {
      await world.pass(1_000);
      expect((await over(tasks, other)).session).toBe(session);
    }
    expect(runs.begun).toEqual([id, ...more].map((other) => `${other}.1`));
    expect(told(world)).toEqual([["slow 1000", "one", "two", "three"]]);
  });

  test("is not begun a second time while the task runs that has begun it", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const first = tasks.create(agentTask("slow 1000"));
    const { session = "" } = await tasks.until(first.id, (record) => record.session !== undefined);
    const second = tasks.create(agentTask("two", { session }));
    await world.pass(0);
    expect(runs.begun).toEqual([`${first.id}.1`]);
    await world.pass(1_000);
    await over(tasks, first.id);
    await world.pass(1_000);
    expect((await over(tasks, second.id)).status).toBe("completed");
    expect(told(world)).toEqual([["slow 1000", "two"]]);
  });

  test("is told an answer once, also where its workspace goes before it is done with it", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("ask", {}, { restartable: true }));
    await until(tasks, id, "waiting_input");
    tasks.resume(id, { prompt: "wait", ...BY });
    await tasks.until(id, ({ attempt }) => attempt === 2);
    await world.pass(0);
    world.stop("ws-a");
    await world.pass(0);
    await world.pass(2_000);
    await tasks.until(id, ({ attempt }) => attempt === 3);
    await world.pass(0);
    expect(told(world)).toEqual([["ask", "wait", "Continue."]]);
  });

  test("gets an answer before what waits already, and keeps it over a kill", async () => {
    const world = createTaskWorld({ limits: { perWorkspace: 1, global: 1 } });
    world.place("a", { variables: KEYS });
    const before = world.boot();
    const asks = before.create(agentTask("ask"));
    await until(before, asks.id, "waiting_input");
    const blocking = before.create(commandTask(["held"]));
    await until(before, blocking.id, "running");
    const waits = before.create(agentTask("ok"));
    before.resume(asks.id, { prompt: "left", ...BY });
    await world.pass(0);
    await before[Symbol.asyncDispose]();
    await using tasks = world.boot();
    await world.pass(0);
    world.finish({ id: blocking.id, attempt: 1 });
    expect(await over(tasks, asks.id)).toMatchObject({ status: "completed", result: "You said: left" });
    expect((await over(tasks, waits.id)).status).toBe("completed");
    expect(told(world)[0]).toEqual(["ask", "left"]);
  });

  test("is refused where there is none, where it runs, and without anything to say", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const command = tasks.create(commandTask(["say"]));
    const running = tasks.create(agentTask("stuck"));
    const failed = tasks.create(agentTask("early-die"));
    await over(tasks, command.id);
    await over(tasks, failed.id);
    await tasks.until(running.id, ({ session }) => session !== undefined);
    const resume = (id: TaskId, prompt?: string): unknown =>
      codeOf(() => tasks.resume(id, { ...BY, ...(prompt === undefined ? {} : { prompt }) }));
    expect(resume(command.id, "x")).toBe("session_missing");
    expect(resume(failed.id, "x")).toBe("session_missing");
    expect(resume(running.id, "x")).toBe("illegal_transition");
    expect(resume(running.id, " ")).toBe("invalid_input");
    expect(resume("task-none", "x")).toBe("task_not_found");
    const done = tasks.create(agentTask("ok"));
    await over(tasks, done.id);
    expect(resume(done.id)).toBe("invalid_input");
    world.remove("ws-a");
    expect(resume(done.id, "x")).toBe("workspace_not_found");
  });

  test("is told an answer to what it asks now only, where it is said what is answered", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("ask"));
    const answer = (attempt: number): unknown => codeOf(() => tasks.resume(id, { ...BY, attempt, prompt: "left" }));
    expect(answer(1)).toBe("question_over");
    const { attempt } = await tasks.until(id, ({ status }) => status === "waiting_input");
    expect(answer(attempt + 1)).toBe("question_over");
    expect(tasks.get(id).status).toBe("waiting_input");
    tasks.resume(id, { ...BY, attempt, prompt: "left" });
    expect(answer(attempt)).toBe("question_over");
    await over(tasks, id);
    // Without saying so it would be a further task by now.
    expect(answer(attempt)).toBe("question_over");
    expect(tasks.list()).toHaveLength(1);
    expect(told(world)).toEqual([["ask", "left"]]);
  });

  test("is never told an answer that nobody gave", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("ask"));
    await until(tasks, id, "waiting_input");
    const { text = "", options = [] } = tasks.get(id).question ?? {};
    const refused = (how: { permissions?: "all" }): unknown => {
      try {
        return tasks.resume(id, { ...BY, ...how });
      } catch (error) {
        return error;
      }
    };
    for (const how of [{}, { permissions: "all" as const }]) {
      const said = refused(how);
      expect(said).toMatchObject({ code: "invalid_input", data: { field: "prompt" } });
      for (const words of [text, ...options]) expect(said).toHaveProperty("message", expect.stringContaining(words));
      expect(said).toHaveProperty("next", `Answer: ws task resume ${id} "ANSWER".`);
    }
    expect(tasks.get(id).status).toBe("waiting_input");
    expect(told(world)).toEqual([["ask"]]);
  });

  test("goes on without words where it was only not allowed to", () => {
    const record = { ...RECORD, question: { text: "May I?", reason: "permission" } } as const;
    expect(() => requireAnswer(record, { permissions: "all" })).not.toThrow();
    expect(() => requireAnswer(record, {})).toThrow("May I?");
    expect(() => requireAnswer({ ...record, status: "auth_failed" }, {})).not.toThrow();
    expect(() => requireAnswer({ ...record, status: "limited" }, {})).not.toThrow();
  });

  test("is followed or ended while its tool runs, and not retried", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("stuck"));
    await until(tasks, id, "running");
    expect(() => tasks.resume(id, { ...BY, prompt: "x" })).toThrow(
      expect.objectContaining({ next: `Follow it: ws task logs ${id} -f. Or end it: ws task cancel ${id}.` }),
    );
  });
});
