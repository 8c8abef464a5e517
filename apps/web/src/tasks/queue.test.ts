import { expect, test } from "vitest";
import { taskFixture } from "../testing/task-fixture.ts";
import { moment, waitingOf, waitingText } from "./queue.ts";

const now = Date.parse("2026-11-01T12:00:00Z");
const at = (minute: number) => new Date(now - (60 - minute) * 60_000).toISOString();

test("Each workspace has its own queue: the higher priority first, the older one within it", () => {
  const waiting = waitingOf(
    [
      taskFixture({ id: "task-b", createdAt: at(2) }),
      taskFixture({ id: "task-a", createdAt: at(1) }),
      taskFixture({ id: "task-urgent", createdAt: at(3), priority: 5 }),
      taskFixture({ id: "task-else", workspaceId: "ws-2", createdAt: at(4) }),
      taskFixture({ id: "task-run", status: "running" }),
    ],
    now,
  );
  const turn = (place: number, running: number) => ({ why: "turn", place, running });
  expect(Object.fromEntries(waiting)).toEqual({
    "task-urgent": turn(1, 1),
    "task-a": turn(2, 1),
    "task-b": turn(3, 1),
    "task-else": turn(1, 0),
  });
  expect(waitingText({ why: "turn", place: 1, running: 3 }, now)).toBe("Next in the queue: 3 run here now.");
  expect(waitingText({ why: "turn", place: 4, running: 1 }, now)).toBe("Number 4 in the queue: 1 runs here now.");
});

test("What waits for another task, for its time or for its workspace says so and takes no place in the queue", () => {
  const waits = { code: "workspace_stopped", message: "Its workspace is stopped.", next: "Start it." };
  const waiting = waitingOf(
    [
      taskFixture({ id: "task-first", title: "build", status: "running" }),
      taskFixture({ id: "task-after", dependsOn: ["task-first", "task-gone"] }),
      taskFixture({ id: "task-later", notBefore: new Date(now + 30_000).toISOString(), attempt: 1 }),
      taskFixture({ id: "task-held", waits }),
      taskFixture({ id: "task-turn", createdAt: at(59) }),
    ],
    now,
  );
  const text = (id: string) => {
    const one = waiting.get(id);
    return one === undefined ? undefined : waitingText(one, now);
  };
  expect(text("task-after")).toBe("Begins after “build”.");
  expect(text("task-later")).toBe("Tries again in 30 s.");
  expect(text("task-held")).toBe("Its workspace is stopped.");
  expect(text("task-turn")).toBe("Next in the queue: 1 runs here now.");
  expect(text("task-first")).toBeUndefined();
});

test("A usage limit holds what met it and whatever else its account would pay for", () => {
  const notBefore = new Date(now + 60_000).toISOString();
  const waiting = waitingOf(
    [
      taskFixture({ id: "task-met", status: "limited", account: "claude:1", notBefore }),
      taskFixture({ id: "task-same", account: "claude:1" }),
      taskFixture({ id: "task-other", account: "claude:2" }),
      taskFixture({ id: "task-none" }),
    ],
    now,
  );
  const limit = { why: "limit", until: now + 60_000, account: "claude:1" } as const;
  expect(waiting.get("task-met")).toEqual(limit);
  expect(waiting.get("task-same")).toEqual(limit);
  expect([waiting.get("task-other")?.why, waiting.get("task-none")?.why]).toEqual(["turn", "turn"]);
  expect(waitingText(limit, now)).toBe("Its account has met its usage limit: it goes on in 60 s.");
});

test("A coming instant is a count while it is near, and a clock with its day when it is far", () => {
  expect(moment(now - 1, now)).toBe("now");
  expect(moment(now + 1_500, now)).toBe("in 2 s");
  expect(moment(now + 600_000, now)).toMatch(/^at \d\d:\d\d/);
  expect(moment(now + 50 * 3_600_000, now)).toMatch(/^at .+, \d\d:\d\d/);
});
