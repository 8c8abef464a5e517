import { describe, expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import { commandTask, createTaskWorld } from "../testing/task-world.ts";
import { isFinal, type TaskId, type TaskRecord } from "./task.ts";
import type { TaskRequest } from "./task-request.ts";
import type { Tasks } from "./tasks.ts";

const ended = (tasks: Tasks, id: TaskId): Promise<TaskRecord> => tasks.until(id, ({ status }) => isFinal(status));
const begun = (tasks: Tasks, id: TaskId, attempt = 1): Promise<TaskRecord> =>
  tasks.until(id, (record) => record.status === "running" && record.attempt === attempt);
const codeOf = (work: () => unknown): unknown => {
  try {
    work();
    return undefined;
  } catch (error) {
    return isWsError(error) ? error.code : error;
  }
};

describe("a task", () => {
  test("is recorded before anything is done, runs in its workspace, and is completed with what it said", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const made = tasks.create(commandTask(["say", "hello"], { title: "Greet" }));
    expect([made.status, world.store.get(made.id)?.status, runs.begun]).toEqual(["pending", "pending", []]);
    const over = await ended(tasks, made.id);
    expect(over).toMatchObject({
      status: "completed",
      exit: { code: 0 },
      attempt: 1,
      title: "Greet",
      createdBy: "ada",
    });
    expect(runs.begun).toEqual([`${made.id}.1`]);
    const parts: string[] = [];
    for await (const { attempt, offset, bytes } of tasks.output(made.id)) {
      parts.push(`${attempt} ${offset} ${new TextDecoder().decode(bytes)}`);
    }
    expect(parts).toEqual(["1 0 hello"]);
  });

  test("is called by its command where it has no title, however that is written", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    expect(tasks.create(commandTask(["say", "one\n two", "it's"])).title).toBe(String.raw`say 'one two' 'it'\''s'`);
    expect(tasks.create(commandTask([], { spec: { kind: "code", language: "python", code: "1" } })).title).toBe(
      "python code",
    );
  });

  test.each<[string, string, Partial<TaskRequest>]>([
    ["argv", "an empty program", { spec: { kind: "command", argv: [""] } }],
    ["argv", "a NUL", { spec: { kind: "command", argv: ["a", "\0"] } }],
    ["cwd", "a relative directory", { spec: { kind: "command", argv: ["a"], cwd: "b" } }],
    ["env", "a variable that is none", { spec: { kind: "command", argv: ["a"], env: { "A=B": "" } } }],
    ["stdin", "too much input", { spec: { kind: "command", argv: ["a"], stdin: "x".repeat(1024 * 1024 + 1) } }],
    ["code", "too much code", { spec: { kind: "code", language: "sh", code: "x".repeat(1024 * 1024 + 1) } }],
    ["title", "two lines", { title: "a\nb" }],
    ["priority", "a fraction", { priority: 0.5 }],
    ["retries", "less than none", { retries: -1 }],
    ["timeoutMs", "no time", { timeoutMs: 0 }],
    ["notBefore", "no instant", { notBefore: Number.NaN }],
    ["key", "an empty key", { key: "" }],
    ["dependsOn", "too many", { dependsOn: Array.from({ length: 101 }, (_, at): TaskId => `task-${at}`) }],
  ])("is refused for its %s: %s", async (field, _title, more) => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    let refused: unknown;
    try {
      tasks.create(commandTask(["say"], more));
    } catch (error) {
      refused = error;
    }
    expect(refused).toMatchObject({ code: "invalid_input", data: { field } });
    expect(tasks.list()).toEqual([]);
  });

  test("of no workspace, or after no task, is refused", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    expect(codeOf(() => tasks.create(commandTask(["say"], { workspace: "b" })))).toBe("workspace_not_found");
    expect(codeOf(() => tasks.create(commandTask(["say"], { dependsOn: ["task-none"] })))).toBe("task_not_found");
    expect(codeOf(() => tasks.get("task-none"))).toBe("task_not_found");
  });

  test("whose program is not there fails, and is told so", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["nothing"]));
    expect(await ended(tasks, id)).toMatchObject({ status: "failed", error: { code: "command_not_found" } });
  });

  test("that is code is read by its interpreter from stdin, for five seconds at most", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const { id, timeoutMs } = tasks.create(commandTask([], { spec: { kind: "code", language: "sh", code: "echo" } }));
    expect(timeoutMs).toBe(5_000);
    // The fake has no interpreters: it is asked for one all the same.
    expect(await ended(tasks, id)).toMatchObject({ error: { message: "There is no command 'sh'." } });
    expect(runs.begun).toEqual([]);
  });
});

describe("one key", () => {
  test("gives one task, whoever asks however often, and refuses another request", async () => {
    const world = createTaskWorld();
    world.place("a");
    world.place("b");
    await using tasks = world.boot();
    const request = commandTask(["say", "x"], { key: "k", retries: 1 });
    const first = tasks.create(request);
    expect(tasks.create({ ...request, createdBy: "bob" }).id).toBe(first.id);
    await ended(tasks, first.id);
    expect(tasks.create(request)).toMatchObject({ id: first.id, status: "completed" });
    expect(codeOf(() => tasks.create({ ...request, priority: 1 }))).toBe("idempotency_mismatch");
    expect(tasks.create({ ...request, workspace: "b" }).id).not.toBe(first.id);
  });
});

describe("creation", () => {
  test("is limited to 60 a minute for each that is counted, and repeats count nothing", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const create = (countedFor: string, key?: string): unknown =>
      codeOf(() => tasks.create(commandTask(["say"], { countedFor, ...(key === undefined ? {} : { key }) })));
    expect(create("t1", "k")).toBeUndefined();
    for (let more = 0; more < 59; more += 1) expect(create("t1")).toBeUndefined();
    expect([create("t1"), create("t1", "k"), create("t2")]).toEqual(["too_many_requests", undefined, undefined]);
    expect(codeOf(() => tasks.create(commandTask(["say"])))).toBeUndefined();
    world.clock.advance(60_000);
    expect(create("t1")).toBeUndefined();
  });

  test("of more than ten thousand that wait is refused", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const request = commandTask(["say"], { notBefore: world.clock.now() + 1_000 });
    for (let made = 0; made < 10_000; made += 1) tasks.create(request);
    expect(codeOf(() => tasks.create(request))).toBe("too_many_requests");
  });
});

describe("the queue", () => {
  test("runs three at once in a workspace, and begins the next when one ends", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const made = Array.from({ length: 5 }, () => tasks.create(commandTask(["held"])).id);
    const [first = "task-", , third = "task-", fourth = "task-", fifth = "task-"] = made;
    await begun(tasks, third);
    await expect.poll(() => runs.begun.length).toBe(3);
    expect(tasks.list({ statuses: ["running"] })).toHaveLength(3);
    world.finish({ id: first, attempt: 1 });
    await begun(tasks, fourth);
    expect(tasks.get(fifth).status).toBe("pending");
    expect(tasks.list({ statuses: ["running"] })).toHaveLength(3);
  });

  test("takes a changed limit into account from the next choice on", async () => {
    const limits = { perWorkspace: 1, global: 100 };
    const world = createTaskWorld({ limits });
    world.place("a");
    await using tasks = world.boot();
    const [first, second] = [tasks.create(commandTask(["held"])), tasks.create(commandTask(["held"]))];
    await begun(tasks, first.id);
    expect(tasks.get(second.id).status).toBe("pending");
    limits.perWorkspace = 2;
    tasks.create(commandTask(["held"]));
    await begun(tasks, second.id);
  });

  test("begins what depends on others once these are completed, however long the chain", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const first = tasks.create(commandTask(["held"]));
    const second = tasks.create(commandTask(["say"], { dependsOn: [first.id], priority: 100 }));
    const third = tasks.create(commandTask(["say"], { dependsOn: [first.id, second.id, second.id] }));
    await begun(tasks, first.id);
    expect(tasks.get(second.id).status).toBe("pending");
    await expect.poll(() => runs.begun.length).toBe(1);
    world.finish({ id: first.id, attempt: 1 });
    expect((await ended(tasks, third.id)).status).toBe("completed");
    expect(runs.begun).toEqual([first, second, third].map(({ id }) => `${id}.1`));
  });

  test("cancels the whole chain behind a task that failed, also what is asked for later", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const first = tasks.create(commandTask(["held"]));
    const chain = [first.id];
    for (let link = 0; link < 2_000; link += 1) {
      chain.push(tasks.create(commandTask(["say"], { dependsOn: [chain.at(-1) ?? first.id] })).id);
    }
    const last = chain.at(-1) ?? first.id;
    await begun(tasks, first.id);
    await expect.poll(() => runs.begun.length).toBe(1);
    world.finish({ id: first.id, attempt: 1 }, 1);
    expect(await ended(tasks, last)).toMatchObject({ status: "cancelled", error: { code: "dependency_failed" } });
    const late = tasks.create(commandTask(["say"], { dependsOn: [last] }));
    expect(late).toMatchObject({ status: "cancelled", error: { code: "dependency_failed" } });
    expect(runs.begun).toHaveLength(1);
  });

  test("begins nothing before its time", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["say"], { notBefore: world.clock.now() + 90_000 }));
    await world.pass(60_000);
    expect(tasks.get(id).status).toBe("pending");
    await world.pass(30_000);
    expect((await ended(tasks, id)).status).toBe("completed");
  });
});

describe("a failure", () => {
  test("is tried again after a while, as often as it may, each time as a run of its own", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["held"], { retries: 2 }));
    for (const attempt of [1, 2]) {
      await begun(tasks, id, attempt);
      await expect.poll(() => runs.begun.length).toBe(attempt);
      world.finish({ id, attempt }, 1);
      const waiting = await tasks.until(id, ({ status }) => status === "pending");
      expect(waiting).toMatchObject({
        error: { code: "command_failed" },
        notBefore: world.clock.now() + attempt * 1_000,
      });
      await world.pass(attempt * 1_000);
    }
    await begun(tasks, id, 3);
    await expect.poll(() => runs.begun).toEqual([`${id}.1`, `${id}.2`, `${id}.3`]);
    world.finish({ id, attempt: 3 });
    expect(await ended(tasks, id)).toMatchObject({ status: "completed", attempt: 3 });
  });

  test("by taking too long ends the program where it runs", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["held"], { timeoutMs: 2_000 }));
    await begun(tasks, id);
    await expect.poll(() => runs.begun.length).toBe(1);
    await world.pass(2_000);
    expect(await ended(tasks, id)).toMatchObject({ status: "failed", error: { code: "timeout" } });
  });

  test("can be tried again as a new task, once it is over", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["fail"], { title: "Try", priority: 7 }));
    expect(codeOf(() => tasks.retry(id, { createdBy: "bob" }))).toBe("illegal_transition");
    await ended(tasks, id);
    const again = tasks.retry(id, { createdBy: "bob" });
    expect(again).toMatchObject({ retryOf: id, title: "Try", priority: 7, createdBy: "bob", status: "pending" });
    expect(tasks.get(id).status).toBe("failed");
    world.remove("ws-a");
    await ended(tasks, again.id);
    expect(codeOf(() => tasks.retry(again.id, { createdBy: "bob" }))).toBe("workspace_not_found");
  });
});
