import { describe, expect, test } from "vitest";
import { WsError } from "../errors.ts";
import { commandTask, createTaskWorld } from "../testing/task-world.ts";
import { isFinal, type TaskId, type TaskRecord } from "./task.ts";
import type { Tasks } from "./tasks.ts";

const ended = (tasks: Tasks, id: TaskId): Promise<TaskRecord> => tasks.until(id, ({ status }) => isFinal(status));
const runsNow = async (tasks: Tasks, id: TaskId): Promise<void> =>
  void (await tasks.until(id, ({ status }) => status === "running"));

describe("a workspace that is stopped", () => {
  test("is started for a task, once for all that wait", async () => {
    const world = createTaskWorld();
    const place = world.place("a", { status: "stopped" });
    await using tasks = world.boot();
    const made = Array.from({ length: 5 }, () => tasks.create(commandTask(["say"])).id);
    for (const id of made) expect((await ended(tasks, id)).status).toBe("completed");
    expect(place.starts).toBe(1);
  });

  test("by somebody stays stopped for what waits, until it is started or another task is asked for", async () => {
    const world = createTaskWorld();
    const place = world.place("a");
    await using tasks = world.boot();
    const [running, , , waiting] = [1, 2, 3, 4].map(() => tasks.create(commandTask(["held"])).id) as [
      TaskId,
      TaskId,
      TaskId,
      TaskId,
    ];
    await world.pass(0);
    world.stop("ws-a", { toStayStopped: true });
    expect(await ended(tasks, running)).toMatchObject({ status: "failed", error: { code: "workspace_stopped" } });
    await world.pass(600_000);
    expect(tasks.get(waiting)).toMatchObject({
      status: "pending",
      waits: { code: "workspace_stopped", next: expect.stringContaining("ws start a") as string },
    });
    expect(place.starts).toBe(0);
    const other = tasks.create(commandTask(["say"]));
    expect((await ended(tasks, other.id)).status).toBe("completed");
    await runsNow(tasks, waiting);
    expect(tasks.get(waiting)).not.toHaveProperty("waits");
    expect(place.starts).toBe(1);
  });

  test("by itself is started again for what waits", async () => {
    const world = createTaskWorld();
    const place = world.place("a");
    await using tasks = world.boot();
    const made = Array.from({ length: 4 }, () => tasks.create(commandTask(["held"])).id);
    await world.pass(0);
    world.stop("ws-a");
    await runsNow(tasks, made[3] ?? "task-");
    expect(place.starts).toBe(1);
  });

  test.each([1, 2, 3, 4, 5])(
    "by somebody while a task goes in is not started again for it, after %s turns",
    async (turns) => {
      const world = createTaskWorld();
      const place = world.place("a");
      await using tasks = world.boot();
      const { id } = tasks.create(commandTask(["held"], { restartable: true }));
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      world.stop("ws-a", { toStayStopped: true });
      await world.pass(600_000);
      await world.pass(600_000);
      expect([tasks.get(id).status, tasks.get(id).waits?.code, place.starts]).toEqual([
        "pending",
        "workspace_stopped",
        0,
      ]);
    },
  );

  test("while it runs again is waited for", async () => {
    const world = createTaskWorld();
    const place = world.place("a", { status: "stopped", busy: true });
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["say"]));
    await world.pass(10_000);
    expect([tasks.get(id).status, place.starts]).toEqual(["pending", 0]);
    world.update("ws-a", { status: "running", busy: false });
    expect((await ended(tasks, id)).status).toBe("completed");
    expect(place.starts).toBe(0);
  });

  test("takes up again what may be run again, and what may be tried again", async () => {
    const world = createTaskWorld();
    const place = world.place("a");
    const { runs } = place;
    await using tasks = world.boot();
    const restartable = tasks.create(commandTask(["held"], { restartable: true }));
    const retried = tasks.create(commandTask(["held"], { retries: 1 }));
    await world.pass(0);
    world.stop("ws-a", { toStayStopped: true });
    await world.pass(0);
    expect([restartable, retried].map(({ id }) => tasks.get(id).status)).toEqual(["pending", "pending"]);
    // Whoever stopped it did not want it to run again for them.
    await world.pass(600_000);
    expect(place.starts).toBe(0);
    expect(tasks.get(retried.id).waits?.code).toBe("workspace_stopped");
    world.update("ws-a", { status: "running" });
    await world.pass(1_000);
    expect(tasks.get(restartable.id)).toMatchObject({ status: "running", attempt: 2, losses: 1 });
    expect(tasks.get(retried.id)).toMatchObject({ status: "running", attempt: 2, retriesLeft: 0 });
    expect(runs.begun).toHaveLength(4);
  });

  test("and cannot be started keeps what waits, and says why", async () => {
    const world = createTaskWorld();
    const startFails = new WsError("image_not_found", {
      message: "No image.",
      next: "Build it.",
      data: { image: "x" },
    });
    const place = world.place("a", { status: "stopped", startFails });
    await using tasks = world.boot();
    const made = [1, 2].map(() => tasks.create(commandTask(["say"])).id);
    await world.pass(600_000);
    for (const id of made) {
      const waits = { code: "image_not_found", message: "No image.", next: "Build it." };
      expect(tasks.get(id)).toMatchObject({ status: "pending", waits });
    }
    expect(place.starts).toBe(1);
    world.update("ws-a", { status: "running" });
    for (const id of made) expect((await ended(tasks, id)).status).toBe("completed");
  });

  test("while its engine is away is tried again and again, and loses nothing", async () => {
    const world = createTaskWorld();
    const startFails = new WsError("engine_unreachable", { message: "No engine.", data: { runtime: "docker" } });
    const place = world.place("a", { status: "stopped", startFails });
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["say"]));
    for (let times = 0; times < 20; times += 1) await world.pass(5_000);
    expect(place.starts).toBeGreaterThan(3);
    expect(place.starts).toBeLessThan(10);
    expect(tasks.get(id)).toMatchObject({ status: "pending" });
    expect(tasks.get(id)).not.toHaveProperty("waits");
    delete place.startFails;
    await world.pass(60_000);
    expect((await ended(tasks, id)).status).toBe("completed");
  });

  test("in which nothing can be held fails its tasks, and says what it lacks", async () => {
    const world = createTaskWorld();
    const data = { feature: "runs", missing: ["perl"] };
    world.place("a", { unreachable: new WsError("box_feature_missing", { message: "No Perl.", data }) });
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["say"]));
    const error = { code: "box_feature_missing", message: "No Perl." };
    expect(await ended(tasks, id)).toMatchObject({ status: "failed", attempt: 0, error });
  });

  test("never holds up another one", async () => {
    const world = createTaskWorld({ limits: { perWorkspace: 3, global: 1 } });
    const startFails = new WsError("engine_unreachable", { message: "No engine.", data: { runtime: "docker" } });
    world.place("a", { status: "stopped", startFails });
    world.place("b");
    await using tasks = world.boot();
    tasks.create(commandTask(["say"], { priority: 100 }));
    const { id } = tasks.create(commandTask(["say"], { workspace: "b" }));
    expect((await ended(tasks, id)).status).toBe("completed");
  });
});

describe("a workspace", () => {
  test("that is deleted ends its tasks", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const made = Array.from({ length: 4 }, () => tasks.create(commandTask(["held"])).id);
    await world.pass(0);
    world.remove("ws-a");
    const over = await Promise.all(made.map((id) => ended(tasks, id)));
    expect(over.map(({ status, error }) => `${status} ${error?.code}`)).toEqual([
      "failed workspace_stopped",
      "failed workspace_stopped",
      "failed workspace_stopped",
      "cancelled workspace_deleted",
    ]);
  });

  test("that is renamed keeps its tasks", async () => {
    const world = createTaskWorld();
    world.place("a", { status: "stopped" });
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["say"]));
    world.update("ws-a", { name: "b" });
    world.place("c", { name: "a" });
    expect(await ended(tasks, id)).toMatchObject({ status: "completed", workspace: "ws-a" });
  });

  test("whose channel is lost keeps what runs in it, and nothing is started twice", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["held"]));
    await world.pass(0);
    for (let times = 0; times < 5; times += 1) {
      world.disconnect("ws-a");
      await world.pass(10_000);
    }
    expect(tasks.get(id)).toMatchObject({ status: "running", attempt: 1 });
    world.finish({ id, attempt: 1 });
    expect((await ended(tasks, id)).status).toBe("completed");
    expect(runs.begun).toEqual([`${id}.1`]);
  });

  test("whose place was another when it came back says that the task was lost", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["held"]));
    await world.pass(0);
    runs.stopPlace();
    expect(await ended(tasks, id)).toMatchObject({ status: "failed", error: { code: "task_lost" } });
  });

  test("keeps the output of the last hundred attempts, and nothing of whom nobody knows runs on", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    const stray = { argv: ["held"] as const, keep: { head: 9, tail: 9 }, errors: "merged" as const };
    await runs.start({ id: "task-strangeragent.1", ...stray });
    await runs.start({ id: "task-0123456789ab.1", ...stray });
    await runs.start({ id: "not-a-task", ...stray });
    await using tasks = world.boot();
    let last: TaskId = "task-";
    for (let made = 0; made < 160; made += 1) {
      last = tasks.create(commandTask(["say", "x"])).id;
      await ended(tasks, last);
      world.clock.advance(1);
    }
    await world.pass(0);
    const states = await runs.list();
    expect(states.filter(({ ended: end }) => end === undefined).map(({ id }) => id)).toEqual([
      "task-strangeragent.1",
      "not-a-task",
    ]);
    expect(states.length).toBeLessThan(160);
    expect(states.some(({ id }) => id === `${last}.1`)).toBe(true);
    const said: string[] = [];
    for await (const { bytes } of tasks.output(last)) said.push(new TextDecoder().decode(bytes));
    expect(said).toEqual(["x"]);
    const oldest = tasks.list().at(-1)?.id ?? "task-";
    for await (const _part of tasks.output(oldest, { follow: true })) throw new Error("nothing of it is kept");
  });
});
