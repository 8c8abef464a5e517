import { expect, test } from "vitest";
import { taskFixture } from "../../testing/task-fixture.ts";
import { sectionsOf } from "./sections.ts";

const at = (minute: number) => `2026-11-01T10:${String(minute).padStart(2, "0")}:00.000Z`;

test("What needs somebody comes first, then what runs, what waits in its turn, and what ended last", () => {
  const sections = sectionsOf([
    taskFixture({ id: "over-early", status: "completed", completedAt: at(1) }),
    taskFixture({ id: "over-late", status: "failed", completedAt: at(9) }),
    taskFixture({ id: "asks", status: "waiting_input" }),
    taskFixture({ id: "locked", status: "auth_failed" }),
    taskFixture({ id: "second", createdAt: at(2) }),
    taskFixture({ id: "first", createdAt: at(1) }),
    taskFixture({ id: "urgent", createdAt: at(3), priority: 9 }),
    taskFixture({ id: "runs", status: "running", startedAt: at(1) }),
    taskFixture({ id: "runs-later", status: "running", startedAt: at(4) }),
  ]);
  expect(sections.map(({ title, tasks }) => [title, tasks.map(({ id }) => id)])).toEqual([
    ["Needs you", ["locked", "asks"]],
    ["Running", ["runs-later", "runs"]],
    ["Queued", ["urgent", "first", "second"]],
    ["Finished", ["over-late", "over-early"]],
  ]);
});

test("A section with nothing in it is not there", () => {
  expect(sectionsOf([])).toEqual([]);
});
