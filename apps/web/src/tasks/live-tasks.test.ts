import { expect, test } from "vitest";
import { taskFixture } from "../testing/task-fixture.ts";
import { applyTaskEvent, knowTask, mergeTasks, noTasks, type TaskNews } from "./live-tasks.ts";

const queued = taskFixture({ id: "task-1", createdAt: "2026-11-01T10:00:00.000Z" });
const running = taskFixture({ id: "task-2", status: "running", createdAt: "2026-11-01T10:01:00.000Z" });
const snapshot: TaskNews = { type: "tasks", tasks: [queued, running] };
const ids = (tasks: Iterable<{ id: string }>) => [...tasks].map(({ id }) => id);

test("A snapshot gives what is not over, and what ended since stays beside it", () => {
  let state = applyTaskEvent(noTasks, snapshot);
  state = applyTaskEvent(state, { type: "task", task: { ...running, status: "completed" } });
  state = applyTaskEvent(state, { type: "tasks", tasks: [queued] });
  expect([...(state.tasks?.values() ?? [])].map(({ id, status }) => [id, status])).toEqual([
    ["task-2", "completed"],
    ["task-1", "pending"],
  ]);
});

test("What ended unseen leaves with the next snapshot, which is counted so that the list is asked for again", () => {
  const before = applyTaskEvent(noTasks, snapshot);
  const after = applyTaskEvent(before, { type: "tasks", tasks: [queued] });
  expect(ids(after.tasks?.values() ?? [])).toEqual(["task-1"]);
  expect([before.snapshots, after.snapshots]).toEqual([1, 2]);
});

test("A task that is over stays over, whatever late answer says otherwise", () => {
  let state = applyTaskEvent(noTasks, { type: "task", task: { ...running, status: "failed" } });
  state = applyTaskEvent(state, { type: "task", task: running });
  expect(state.tasks?.get("task-2")?.status).toBe("failed");
});

test("What a call answers is shown at once, but never over what the stream has told meanwhile", () => {
  let state = applyTaskEvent(noTasks, snapshot);
  state = knowTask(state, { ...running, status: "pending" });
  state = knowTask(state, taskFixture({ id: "task-3" }));
  state = knowTask(state, { ...queued, status: "cancelled" });
  const statuses = Object.fromEntries([...(state.tasks ?? [])].map(([id, { status }]) => [id, status]));
  expect(statuses).toEqual({ "task-1": "cancelled", "task-2": "running", "task-3": "pending" });
});

test("Of ten thousand that ended the last 500 are kept", () => {
  let state = applyTaskEvent(noTasks, snapshot);
  for (let at = 0; at < 700; at += 1) {
    const task = taskFixture({ id: `task-over-${at}`, status: "completed" });
    state = applyTaskEvent(state, { type: "task", task });
  }
  expect(state.tasks?.size).toBe(502);
  expect(state.tasks?.has("task-over-0")).toBe(false);
  expect(state.tasks?.has("task-over-699")).toBe(true);
});

test("The list and the stream are one, the last created first, and the newer news of each task counts", () => {
  const listed = [{ ...running, status: "completed" as const }, queued];
  const third = taskFixture({ id: "task-3", createdAt: "2026-11-01T10:02:00.000Z" });
  const merged = mergeTasks(listed, [running, { ...queued, status: "cancelled" }, third]);
  expect(merged.map(({ id, status }) => [id, status])).toEqual([
    ["task-3", "pending"],
    ["task-2", "completed"],
    ["task-1", "cancelled"],
  ]);
});
