import { expect, test } from "vitest";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { taskFixture } from "../../../testing/task-fixture.ts";
import { workspaceFixture } from "../../../testing/workspace-fixture.ts";
import { arrange, filter, type Surroundings } from "./arrange.ts";
import { taskOfEach } from "./task-of.ts";
import { NO_FILTER, PLAIN, type ListView } from "./view.ts";

const NOW = Date.parse("2026-11-02T12:00:00.000Z");
const OLD = "2026-10-01T10:00:00.000Z";
const make = (name: string, given: Partial<WorkspaceInfo> = {}) =>
  workspaceFixture({ id: `id-${name}`, name, lastUsed: OLD, ...given });

const shop = make("shop-10", {
  repo: "https://github.com/acme/shop.git",
  branch: "feature/Cart",
  execution: { id: "exec-7", role: "engineer" },
  diskBytes: 10,
});
const two = make("shop-2", { status: "stopped", diskBytes: 900, execution: { id: "exec-7", role: "reviewer" } });
const docs = make("docs", { status: "error", lastUsed: "2026-11-02T11:00:00.000Z" });
const idle = make("idle");
const all = [shop, two, docs, idle];

const around: Surroundings = {
  tasks: new Map([
    [two.id, taskFixture({ status: "completed", changedAt: "2026-11-02T11:30:00.000Z" })],
    [shop.id, taskFixture({ status: "running", changedAt: OLD })],
  ]),
  needs: new Map([[idle.id, { label: "Asks you", to: "/inbox" }]]),
  news: new Set([shop.id, idle.id]),
  usage: (id) => (id === shop.id ? { id, cpuPercent: 12, memoryBytes: 5, at: OLD } : undefined),
  now: NOW,
};
const shown = (change: Partial<ListView>) => filter(all, { ...NO_FILTER, ...change }, around).map(({ name }) => name);

test.each([
  ["SHOP", ["shop-10", "shop-2"]],
  ["acme/shop", ["shop-10"]],
  ["cart", ["shop-10"]],
  ["exec-7 reviewer", ["shop-2"]],
  ["shop status:stopped", ["shop-2"]],
  ["status:failed", ["docs"]],
  ["status:run", ["shop-10", "idle"]],
  ["  ", ["shop-10", "shop-2", "docs", "idle"]],
  ["nowhere", []],
])("the filter looks for each word in all that names a workspace: %j", (text, expected) => {
  expect(shown({ text })).toEqual(expected);
});

test("chips let through what has one of the statuses, waits for somebody, or changed within a day", () => {
  expect(shown({ statuses: ["stopped", "error"] })).toEqual(["shop-2", "docs"]);
  expect(shown({ needs: true })).toEqual(["idle"]);
  // A task that ended is a change, also where nobody used the workspace since.
  expect(shown({ changed: "day" })).toEqual(["shop-2", "docs"]);
  expect(shown({ changed: "day", statuses: ["error"], text: "doc" })).toEqual(["docs"]);
  expect(shown({ changed: "visit" })).toEqual(["shop-10", "idle"]);
});

test.each([
  ["name", false, ["docs", "idle", "shop-2", "shop-10"]],
  ["name", true, ["shop-10", "shop-2", "idle", "docs"]],
  ["disk", true, ["shop-2", "shop-10", "docs", "idle"]],
  ["disk", false, ["shop-10", "shop-2", "docs", "idle"]],
  ["cpu", true, ["shop-10", "shop-2", "docs", "idle"]],
  ["activity", true, ["shop-2", "docs", "shop-10", "idle"]],
  ["status", false, ["docs", "shop-10", "idle", "shop-2"]],
  ["task", false, ["idle", "shop-10", "shop-2", "docs"]],
] as const)("sorted by %s, downwards %s, what has nothing there stands below", (column, descending, expected) => {
  const items = arrange(all, { sort: { column, descending }, group: "none" }, around);
  expect(items.map((item) => item.kind === "row" && item.workspace.name)).toEqual(expected);
});

test("groups have headings that count; what is of no execution stands last, and rows keep their order within", () => {
  const words = (group: ListView["group"]) =>
    arrange(all, { ...PLAIN, group }, around).map((item) =>
      item.kind === "row" ? item.workspace.name : `${item.title}: ${item.count}, ${item.running} run`,
    );
  expect(words("execution")).toEqual([
    "exec-7: 2, 1 run",
    "shop-10",
    "shop-2",
    "No execution: 2, 1 run",
    "docs",
    "idle",
  ]);
  expect(words("status")).toEqual([
    "Failed: 1, 0 run",
    "docs",
    "Running: 2, 2 run",
    "shop-10",
    "idle",
    "Stopped: 1, 0 run",
    "shop-2",
  ]);
});

test("of a workspace's tasks the one is shown that asks somebody, else that runs, else that waits, else the last that ended", () => {
  const task = (id: string, given: Parameters<typeof taskFixture>[0]) =>
    taskFixture({ id, workspaceId: "w", ...given });
  const ended = task("ended", { status: "completed", changedAt: "2026-11-02T10:00:00.000Z" });
  const failed = task("failed", { status: "failed", changedAt: "2026-11-02T11:00:00.000Z" });
  const later = task("later", { status: "pending", createdAt: "2026-11-02T09:00:00.000Z" });
  const next = task("next", { status: "pending", createdAt: "2026-11-02T08:00:00.000Z" });
  const runs = task("runs", { status: "running" });
  const asks = task("asks", { status: "waiting_input" });
  const order = [ended, failed, later, next, runs, asks];
  const chosen = order.map((_, at) => taskOfEach(order.slice(0, at + 1)).get("w")?.id);
  expect(chosen).toEqual(["ended", "failed", "later", "next", "runs", "asks"]);
  expect(taskOfEach([taskFixture({ workspaceId: "" })]).size).toBe(0);
});
