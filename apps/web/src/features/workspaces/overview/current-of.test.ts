import { expect, test } from "vitest";
import { taskFixture } from "../../../testing/task-fixture.ts";
import { currentOf } from "./current-of.ts";

test("What a person is needed for is shown before what runs, and that before what waits or is over", () => {
  const done = taskFixture({ id: "t1", status: "completed", changedAt: "2026-11-01T12:00:00.000Z" });
  const older = taskFixture({ id: "t2", status: "failed", changedAt: "2026-11-01T11:00:00.000Z" });
  const queued = taskFixture({ id: "t3", status: "pending" });
  const running = taskFixture({ id: "t4", status: "running" });
  const asks = taskFixture({ id: "t5", status: "waiting_input" });
  expect(currentOf([])).toEqual({ task: undefined, waiting: 0 });
  expect(currentOf([older, done])).toEqual({ task: done, waiting: 0 });
  expect(currentOf([done, queued])).toEqual({ task: queued, waiting: 0 });
  expect(currentOf([done, queued, running])).toEqual({ task: running, waiting: 1 });
  expect(currentOf([running, queued, asks])).toEqual({ task: asks, waiting: 1 });
});
