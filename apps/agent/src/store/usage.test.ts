import { OLDEST_MS, type UsageEntry } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { StatementSync } from "node:sqlite";
import { expect, onTestFinished, test, vi } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { createUsageStore, type UsageSpan } from "./usage.ts";
import { USAGE_BOUNDS, type UsageBounds } from "./usage-room.ts";
import { prepareUsage } from "./usage-sql.ts";

const DAY = 86_400_000;

function setUp(most: Partial<UsageBounds> = {}) {
  const directory = tempDir();
  const db = openDatabase(`${directory.path}/state.db`, createSilentLog());
  const clock = createManualClock();
  onTestFinished(() => {
    db.close();
    directory[Symbol.dispose]();
  });
  const usage = createUsageStore(db, clock, { ...USAGE_BOUNDS, ...most });
  const answers = (): number => usage.sums("agent", ALL).reduce((sum, { answers: count }) => sum + count, 0);
  return { db, clock, usage, answers };
}

const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER };
const DEMO = { id: "ws-1", name: "demo" } as const;
const COUNTS = { input: 10, output: 20, cacheRead: 30, cacheWrite: 40, cacheWriteLong: 50 };
const entry = (key: string, at: number, more: Partial<UsageEntry> = {}): UsageEntry => ({
  key,
  tool: "claude",
  model: "claude-opus-5-5",
  at,
  session: "s-1",
  counts: COUNTS,
  reasoning: 5,
  ...more,
});
const batch = (entries: UsageEntry[], offset = 100) => ({ entries, cursor: { log: "a.jsonl", offset, state: "{}" } });

test("an answer is counted once, with the larger counts, and how far its log was read is known with it", () => {
  const { clock, usage } = setUp();
  const at = clock.now();
  usage.take(DEMO, batch([entry("m", at, { counts: { ...COUNTS, output: 1 } }), entry("m", at)]));
  usage.take({ ...DEMO, name: "renamed" }, batch([entry("m", at), entry("n", at, { toldCost: 0.5 })], 200));
  usage.take({ id: "ws-2", name: "other" }, batch([entry("m", at, { model: "other" })]));
  expect(usage.cursors("ws-1")).toEqual(new Map([["a.jsonl", { log: "a.jsonl", offset: 200, state: "{}" }]]));
  expect(usage.sums("workspace", { ...ALL, workspace: "ws-1" })).toMatchObject([
    { key: "ws-1", name: "renamed", answers: 1, toldCost: 0.5 },
    { key: "ws-1", name: "demo", answers: 1, counts: COUNTS, reasoning: 5 },
  ]);
  expect(usage.sums("model", ALL).map(({ key, answers }) => [key, answers])).toEqual([
    ["claude-opus-5-5", 1],
    ["claude-opus-5-5", 1],
    ["other", 1],
  ]);
  expect(usage.sums("agent", { from: at + 1, to: at + 2 })).toEqual([]);
  expect([usage.since(), usage.since("ws-3")]).toEqual([at, undefined]);
});

test("what a task's run says counts only as long as no log tells of its conversation, whichever comes first", () => {
  const { clock, usage, answers } = setUp();
  const at = clock.now();
  const said = {
    task: "task-1",
    workspace: { ...DEMO, execution: "exec-1" },
    tool: "claude",
    model: "",
    session: "s-1",
    startedAt: at,
    endedAt: at + 10,
    inputTokens: 7,
    outputTokens: 8,
    cost: 0.25,
  };
  usage.said(said);
  usage.said(said);
  expect(usage.sums("execution", ALL)).toMatchObject([
    { key: "exec-1", toldCost: 0.25, counts: { input: 7, output: 8 } },
  ]);
  usage.take(DEMO, batch([entry("m", at)]));
  expect(usage.sums("agent", ALL)).toMatchObject([{ counts: COUNTS, answers: 1 }]);
  usage.said(said);
  expect(answers()).toBe(1);
  // What was read before its run was over is its execution's from then on.
  expect(usage.sums("execution", ALL)).toMatchObject([{ key: "exec-1", counts: COUNTS }]);
  const { session: _session, ...nameless } = { ...said, task: "task-2" };
  usage.said(nameless);
  expect(answers()).toBe(1);
  usage.said({ ...nameless, startedAt: at + 1 });
  expect(answers()).toBe(2);
  usage.said({ ...nameless, task: "task-3", startedAt: at + 1, inputTokens: 0, outputTokens: 0, cost: 0 });
  expect(answers()).toBe(2);
});

test("what is looked for in a conversation, once for all of a batch, is found however long that is", () => {
  const { db, clock, usage } = setUp();
  const runs = vi.spyOn(StatementSync.prototype, "run");
  onTestFinished(() => runs.mockRestore());
  usage.take(DEMO, batch(Array.from({ length: 50 }, (_, index) => entry(`m${index}`, clock.now()))));
  const run = (runs.mock.contexts as StatementSync[]).map(({ sourceSQL }) => sourceSQL);
  expect(run.filter((sql) => sql.startsWith("DELETE"))).toHaveLength(1);
  const { unsay, assign, logged } = prepareUsage(db);
  const plan = ({ sourceSQL }: StatementSync): unknown[] =>
    db
      .prepare(`EXPLAIN QUERY PLAN ${sourceSQL}`)
      .all()
      .map(({ detail }) => detail);
  expect(plan(unsay)).toEqual(["SEARCH usage USING INDEX usage_said (workspace=? AND session=?)"]);
  expect(plan(logged)).toEqual(["SEARCH usage USING INDEX usage_session (workspace=? AND session=?)"]);
  expect(plan(assign)).toContain(
    "SEARCH usage USING COVERING INDEX usage_session (workspace=? AND session=? AND task=?)",
  );
});

test("of what is long ago sums of hours are kept, which cost the same, and of what is longer ago nothing", async () => {
  const { db, clock, usage } = setUp();
  const at = Math.floor(clock.now() / 3_600_000) * 3_600_000;
  const ten = many(10, (index) => entry(`m${index}`, at + index));
  usage.take(DEMO, batch([...ten, entry("long", at, { counts: { ...COUNTS, cacheRead: 250_000 } })]));
  const priced = () =>
    usage.sums("model", ALL).map(({ key, step, counts, answers }) => ({ key, step, counts, answers }));
  const before = priced();
  clock.advance(OLDEST_MS + 10 * DAY);
  await usage.tidy(() => true);
  await usage.tidy(() => true);
  expect(priced()).toEqual(before);
  // One for each size of context whose price differs.
  expect(db.prepare("SELECT count(*) AS rows FROM usage").get()).toEqual({ rows: 2 });
  expect(usage.since()).toBe(at);
  clock.advance(400 * DAY);
  await usage.tidy(() => true);
  expect(usage.sums("model", ALL)).toEqual([]);
});

test("it outlives its workspace, and how far the logs of that were read does not", async () => {
  const { clock, usage, answers } = setUp();
  usage.take(DEMO, batch([entry("m", clock.now())]));
  await usage.tidy(() => false);
  expect([usage.cursors("ws-1").size, answers()]).toEqual([0, 1]);
});

const many = (count: number, of: (index: number) => UsageEntry): UsageEntry[] =>
  Array.from({ length: count }, (_, i) => of(i));

test("of a workspace that writes more than it may have the oldest answers become sums, which cost the same and are not taken in again", () => {
  const { db, clock, usage, answers } = setUp({ ofOne: 10 });
  const at = clock.now();
  const of = (index: number): UsageEntry => entry(`m${index}`, at + index);
  usage.take(DEMO, batch(many(25, of)));
  usage.take(DEMO, batch([entry("next", at + 30)]));
  const rows = () => Number(db.prepare("SELECT count(*) AS rows FROM usage").get()?.["rows"]);
  expect(answers()).toBe(26);
  expect(rows()).toBeLessThanOrEqual(10);
  // Read again from its beginning, its log tells nothing new; what comes after does.
  usage.take(DEMO, batch(many(25, of)));
  expect(answers()).toBe(26);
  usage.take(DEMO, batch([entry("later", at + 40)]));
  expect(answers()).toBe(27);
  usage.take({ id: "ws-2", name: "other" }, batch([entry("m1", at - DAY)]));
  expect(answers()).toBe(28);
});

test("what comes to as many sums as it was answers has its oldest go, and takes nothing from another workspace", async () => {
  const { db, clock, usage } = setUp({ ofOne: 10, all: 12 });
  const at = clock.now();
  const rowsOf = (id: string) =>
    Number(db.prepare("SELECT count(*) AS rows FROM usage WHERE workspace = ?").get(id)?.["rows"]);
  usage.take({ id: "ws-2", name: "other" }, batch([entry("old", at - 39 * DAY), entry("new", at)]));
  for (const id of ["ws-1", "ws-3"] as const) {
    for (let round = 0; round < 5; round += 1)
      usage.take(
        { id, name: id },
        batch(many(5, (index) => entry(`m${round}-${index}`, at - (20 - round * 5 - index) * DAY))),
      );
    expect(rowsOf(id)).toBeLessThanOrEqual(10);
  }
  await usage.tidy(() => true);
  expect([rowsOf("ws-1"), rowsOf("ws-2"), rowsOf("ws-3")]).toEqual([5, 2, 5]);
  expect(usage.since("ws-2")).toBe(at - 39 * DAY);
});

test("names of models have an end: what has one more is of a model that nobody knows, and counts", async () => {
  const { clock, usage, answers } = setUp({ models: 3 });
  const of = (index: number): UsageEntry => entry(`m${index}`, clock.now(), { model: `model-${index}` });
  usage.take(DEMO, batch(many(6, of)));
  usage.take(DEMO, batch([entry("again", clock.now(), { model: "model-1" })]));
  usage.take(DEMO, batch([entry("codex", clock.now(), { tool: "codex", model: "model-9" })]));
  usage.said({
    task: "task-1",
    workspace: DEMO,
    tool: "claude",
    model: "model-8",
    startedAt: clock.now() + 1,
    endedAt: clock.now() + 2,
    cost: 1,
  });
  const counts = new Map<string, number>();
  for (const { key, answers: count } of usage.sums("model", ALL)) counts.set(key, count + (counts.get(key) ?? 0));
  expect(Object.fromEntries(counts)).toEqual({ "": 4, "model-0": 1, "model-1": 2, "model-2": 1, "model-9": 1 });
  await usage.tidy(() => true);
  usage.take(DEMO, batch([entry("late", clock.now(), { model: "model-7" })]));
  expect(usage.sums("model", ALL).map(({ key }) => key)).not.toContain("model-7");
  expect(answers()).toBe(10);
});

test("how far logs were read is known of as many as a workspace may have, of those that were read last", () => {
  const { clock, usage } = setUp({ logs: 20 });
  for (let index = 0; index < 50; index += 1) {
    clock.advance(1);
    usage.take(DEMO, { entries: [], cursor: { log: `${index}.jsonl`, offset: 1, state: "" } });
    expect(usage.cursors("ws-1").size).toBeLessThanOrEqual(20);
  }
  expect([usage.cursors("ws-1").has("49.jsonl"), usage.cursors("ws-1").has("10.jsonl")]).toEqual([true, false]);
  usage.forget("ws-1", ["49.jsonl", "none"]);
  expect(usage.cursors("ws-1").has("49.jsonl")).toBe(false);
});

test("what failed halfway is as if it had not been taken in", () => {
  const { db, clock, usage, answers } = setUp({ models: 1 });
  db.exec("CREATE TRIGGER full BEFORE INSERT ON usage_cursors BEGIN SELECT raise(ABORT, 'full'); END");
  expect(() => usage.take(DEMO, batch([entry("m", clock.now(), { model: "first" })]))).toThrow("full");
  expect(answers()).toBe(0);
  db.exec("DROP TRIGGER full");
  usage.take(DEMO, batch([entry("m", clock.now(), { model: "second" })]));
  expect(usage.sums("model", ALL)).toMatchObject([{ key: "second" }]);
});

test("a span comes in parts that are all of it, also where many answers have one instant", () => {
  const { clock, usage } = setUp();
  const at = clock.now();
  usage.take(DEMO, batch(many(23, (index) => entry(`m${index}`, at + (index > 5 && index < 15 ? 5 : index)))));
  usage.take({ id: "ws-2", name: "other" }, batch([entry("m", at + 7)]));
  const parts = (span: UsageSpan) =>
    [...usage.slices(span, 4)].map((slice) =>
      usage.sums("agent", slice).reduce((sum, { answers }) => sum + answers, 0),
    );
  expect(parts(ALL)).toEqual([4, 4, 4, 4, 4, 4]);
  expect(parts({ ...ALL, workspace: "ws-1" })).toEqual([4, 4, 4, 4, 4, 3]);
  expect(parts({ from: at + 5, to: at + 6 })).toEqual([4, 4, 2]);
  expect(parts({ from: at + 60, to: at + 90 })).toEqual([0]);
});
