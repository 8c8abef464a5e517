import { expect, test } from "vitest";
import { createHarness } from "../testing/harness.ts";
import { createMemoryTaskStore } from "../testing/memory-tasks.ts";
import { commandTask } from "../testing/task-world.ts";
import { isFinal, type TaskId, type TaskRecord } from "./task.ts";
import { taskedWorkspaces } from "./tasked-workspaces.ts";
import { createTasks } from "./tasks.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

async function setUp() {
  await using stack = new AsyncDisposableStack();
  const harness = stack.use(createHarness());
  const { workspaces, clock } = harness;
  let ids = 0;
  const tasks = stack.use(
    createTasks({
      store: createMemoryTaskStore(),
      workspaces: taskedWorkspaces(workspaces),
      clock,
      log: silent,
      newId: (): TaskId => `task-${(ids++).toString().padStart(12, "0")}`,
      limits: () => ({ perWorkspace: 3, global: 30 }),
    }),
  );
  tasks.reconcile();
  const ended = (id: TaskId): Promise<TaskRecord> => tasks.until(id, ({ status }) => isFinal(status));
  const runs = (id: TaskId): Promise<TaskRecord> => tasks.until(id, ({ status }) => status === "running");
  const moved = stack.move();
  return { harness, workspaces, tasks, ended, runs, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

test("a task runs where its workspace's commands start, with the environment of its processes and its own", async () => {
  await using world = await setUp();
  const { directory } = await world.workspaces.create({
    name: "a",
    clone: "https://forge.test/acme/next.js",
    env: { MINE: "1", BOTH: "1" },
  });
  const { id } = world.tasks.create(commandTask([], { spec: { kind: "command", argv: ["env"], env: { BOTH: "2" } } }));
  expect(await world.ended(id)).toMatchObject({ status: "completed" });
  let text = "";
  for await (const { bytes } of world.tasks.output(id)) text += new TextDecoder().decode(bytes);
  const [cwd, env] = JSON.parse(text) as [string, Record<string, string>];
  expect(cwd).toBe(directory);
  expect(env).toMatchObject({ MINE: "1", BOTH: "2", FROM_SETUP: "1", WS_NAME: "a" });
});

test("a workspace that somebody stopped is started for a task, and not for those that waited when it was stopped", async () => {
  await using world = await setUp();
  const { workspaces, tasks } = world;
  await workspaces.create({ name: "a" });
  const running = tasks.create(commandTask(["forever"]));
  const waiting = tasks.create(commandTask(["env"], { dependsOn: [running.id] }));
  const other = tasks.create(commandTask(["env"], { notBefore: world.harness.clock.now() + 1 }));
  await world.runs(running.id);
  await workspaces.stop("a");
  expect(await world.ended(running.id)).toMatchObject({ error: { code: "workspace_stopped" } });
  expect(await world.ended(waiting.id)).toMatchObject({ error: { code: "dependency_failed" } });
  expect(await tasks.until(other.id, ({ waits }) => waits !== undefined)).toMatchObject({ status: "pending" });
  expect(workspaces.get("a").power).toBe("stopped");
  const added = tasks.create(commandTask(["env"]));
  expect((await world.ended(added.id)).status).toBe("completed");
  expect(workspaces.get("a").power).toBe("running");
});

test("a task that runs when its workspace is restarted says so, and what waits goes on after it", async () => {
  await using world = await setUp();
  const { workspaces, tasks } = world;
  const { id: place } = await workspaces.create({ name: "a" });
  const running = Array.from({ length: 3 }, () => tasks.create(commandTask(["forever"])).id);
  const waiting = tasks.create(commandTask(["env"]));
  for (const id of running) await world.runs(id);
  const restarted = workspaces.restart("a");
  await new Promise((resolve) => setTimeout(resolve));
  world.harness.runs.get(place)?.stopPlace();
  await restarted;
  for (const id of running) {
    expect((await world.ended(id)).error).toEqual({
      code: "workspace_stopped",
      message: "Its workspace was restarted while it ran.",
      next: `See what it did, then try it again: ws task retry ${id}.`,
    });
  }
  expect((await world.ended(waiting.id)).status).toBe("completed");
});

test("a task keeps its workspace through another name, and ends with it", async () => {
  await using world = await setUp();
  const { workspaces, tasks } = world;
  await workspaces.create({ name: "a" });
  const { id } = tasks.create(commandTask(["forever"]));
  const after = tasks.create(commandTask(["env"], { notBefore: world.harness.clock.now() + 1_000_000 }));
  await world.runs(id);
  await workspaces.rename("a", "b");
  await workspaces.create({ name: "a" });
  expect(tasks.get(id).status).toBe("running");
  await workspaces.delete("b");
  expect(await world.ended(id)).toMatchObject({ status: "failed", error: { code: "workspace_stopped" } });
  expect(await world.ended(after.id)).toMatchObject({ status: "cancelled", error: { code: "workspace_deleted" } });
});

test("a task that runs counts as use of its workspace, however quiet it is", async () => {
  await using world = await setUp();
  const { workspaces, tasks, harness } = world;
  harness.programs["/bin/sh"] = () => ({ stdout: "sshd\n" });
  await workspaces.create({ name: "a", idleMs: 60_000 });
  const { id } = tasks.create(commandTask(["forever"]));
  await world.runs(id);
  for (let minute = 0; minute < 6; minute += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    harness.clock.advance(30_000);
  }
  await new Promise((resolve) => setTimeout(resolve));
  expect(workspaces.get("a").power).toBe("running");
  await tasks.cancel(id);
  const stopped = async (): Promise<string> => {
    harness.clock.advance(30_000);
    await new Promise((resolve) => setTimeout(resolve));
    return workspaces.get("a").power;
  };
  await expect.poll(stopped).toBe("stopped");
});
