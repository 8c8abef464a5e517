import type { TaskInfo } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { taskFixture } from "../../testing/task-fixture.ts";
import { budgetTitle, itemsOf, keyOf, refusalKey } from "./items.ts";

const now = Date.parse("2026-11-02T12:00:00Z");
const at = (minute: number) => `2026-11-02T10:${String(minute).padStart(2, "0")}:00.000Z`;
const task = (id: string, given: Partial<TaskInfo>) => taskFixture({ id, ...given });
const known = { live: [], failed: [], refused: [], isSeen: (_key: string) => false, lookedSince: 0, now };

test("Whoever is blocked longest comes first, and what failed after all that, the last first", () => {
  const items = itemsOf({
    ...known,
    live: [
      task("task-late", { status: "waiting_input", startedAt: at(0), changedAt: at(9) }),
      task("task-early", { status: "auth_failed", startedAt: at(2), changedAt: at(1) }),
      task("task-runs", { status: "running", startedAt: at(0) }),
      task("task-waits", {}),
    ],
    failed: [
      task("task-old", { status: "failed", completedAt: at(2) }),
      task("task-new", { status: "failed", completedAt: at(8) }),
    ],
  });
  expect(items.map(({ kind, key }) => [kind, key.split(" ")[0]])).toEqual([
    ["task", "task-early"],
    ["task", "task-late"],
    ["failed", "task-new"],
    ["failed", "task-old"],
  ]);
});

test("A usage limit is one thing for each account, with all that it holds", () => {
  const items = itemsOf({
    ...known,
    live: [
      task("task-1", { status: "limited", account: "a", notBefore: at(30), changedAt: at(3) }),
      task("task-2", { status: "limited", account: "a", notBefore: at(40), changedAt: at(2) }),
      task("task-3", { account: "a" }),
      task("task-4", { account: "b" }),
      task("task-5", { status: "limited", account: "b", notBefore: at(20), changedAt: at(4) }),
    ],
  });
  const told = items.map(
    (item) => item.kind === "limit" && [item.account, item.task.id, item.held.map(({ id }) => id)],
  );
  expect(told).toEqual([
    ["a", "task-2", ["task-1", "task-2", "task-3"]],
    ["b", "task-5", ["task-5", "task-4"]],
  ]);
});

test("A failure is news until it was looked at, since the first look, and for a week", () => {
  const failed = [
    task("task-seen", { status: "failed", completedAt: at(1) }),
    task("task-before", { status: "failed", completedAt: "2026-10-30T10:00:00Z" }),
    task("task-old", { status: "failed", completedAt: "2026-10-01T10:00:00Z" }),
    task("task-news", { status: "failed", completedAt: at(2) }),
  ];
  const keys = (given: Partial<typeof known>) =>
    itemsOf({ ...known, failed, ...given }).map(({ key }) => key.split(" ")[0]);
  const isSeen = (key: string) => key.startsWith("task-seen");
  expect(keys({ isSeen })).toEqual(["task-news", "task-before"]);
  expect(keys({ lookedSince: Date.parse("2026-11-01T00:00:00Z") })).toEqual(["task-news", "task-seen"]);
});

test("What a workspace was refused is one thing, less what was looked at, and one of more hosts is another", () => {
  const refusal = (host: string, minute: number) => ({
    host,
    port: 443,
    why: "",
    count: 1,
    first: at(minute),
    last: at(50),
  });
  const refusals = [refusal("a.example", 5), refusal("b.example", 4)];
  const items = (isSeen: (key: string) => boolean) =>
    itemsOf({ ...known, refused: [{ id: "ws-1", workspace: "demo", refusals }], isSeen });
  expect(items(() => false)).toMatchObject([{ kind: "egress", since: Date.parse(at(4)), workspace: "demo", refusals }]);
  const [less] = items((key) => key === "refused ws-1 b.example:443");
  expect(less).toMatchObject({ since: Date.parse(at(5)), refusals: [{ host: "a.example" }] });
  expect(less?.key).not.toBe(items(() => false)[0]?.key);
  expect(items(() => true)).toEqual([]);
  const keyWith = (rule: string) => refusalKey("ws-1", { host: "a.example", port: 443, rule });
  expect(keyWith("a.example/private")).not.toBe(keyWith("a.example"));
});

test("The next question of a task is another thing than the one before", () => {
  const asks = task("task-1", { status: "waiting_input", attempt: 1 });
  expect(keyOf({ ...asks, attempt: 2 })).not.toBe(keyOf(asks));
});

test("A budget that is nearly spent is one thing, spent it is another, and each is gone once it was looked at", () => {
  const month = { limit: 10, spent: 8.5, from: at(0), until: at(1) };
  const budget = (passed: 80 | 100, held?: string) => ({
    month: { ...month, passed },
    executions: [{ execution: "exec-1", limit: 1, spent: 2, passed: 100 as const }],
    hold: held !== undefined,
    ...(held === undefined ? {} : { held }),
  });
  const items = itemsOf({ ...known, budget: budget(80) });
  expect(items).toMatchObject([
    { kind: "budget", of: "this month", passed: 80, spent: 8.5, limit: 10 },
    { kind: "budget", of: "exec-1", passed: 100 },
  ]);
  expect(items.map((item) => item.kind === "budget" && budgetTitle(item))).toEqual([
    "The budget of this month is nearly spent",
    "The budget of exec-1 is spent",
  ]);
  const [first] = items;
  const later = itemsOf({ ...known, budget: budget(100, "They wait."), isSeen: (key) => key === first?.key });
  expect(later).toMatchObject([{ passed: 100, held: "They wait." }, { of: "exec-1" }]);
  expect(itemsOf({ ...known, budget: budget(80), isSeen: () => true })).toEqual([]);
  expect(itemsOf({ ...known, budget: { month, executions: [], hold: false } })).toEqual([]);
});
