import { OLDEST_MS, type UsageEntry } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { StatementSync } from "node:sqlite";
import { expect, onTestFinished, test, vi } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { createUsageStore } from "./usage.ts";
import { prepareUsage } from "./usage-sql.ts";

const DAY = 86_400_000;

function setUp(most?: { aDay: number; all: number }) {
  const directory = tempDir();
  const db = openDatabase(`${directory.path}/state.db`, createSilentLog());
  const clock = createManualClock();
  onTestFinished(() => {
    db.close();
    directory[Symbol.dispose]();
  });
  const usage = createUsageStore(db, clock, most);
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

test("of what is long ago sums of hours are kept, which cost the same, and of what is longer ago nothing", () => {
  const { clock, usage } = setUp();
  const at = Math.floor(clock.now() / 3_600_000) * 3_600_000;
  const many = Array.from({ length: 10 }, (_, index) => entry(`m${index}`, at + index));
  usage.take(DEMO, batch([...many, entry("long", at, { counts: { ...COUNTS, cacheRead: 250_000 } })]));
  const priced = () =>
    usage.sums("model", ALL).map(({ key, step, counts, answers }) => ({ key, step, counts, answers }));
  const before = priced();
  clock.advance(OLDEST_MS + 10 * DAY);
  usage.tidy(() => true);
  usage.tidy(() => true);
  expect(priced()).toEqual(before);
  expect(usage.since()).toBe(at);
  clock.advance(400 * DAY);
  usage.tidy(() => true);
  expect(usage.sums("model", ALL)).toEqual([]);
});

test("it outlives its workspace, and how far the logs of that were read does not", () => {
  const { clock, usage, answers } = setUp();
  usage.take(DEMO, batch([entry("m", clock.now())]));
  usage.tidy(() => false);
  expect([usage.cursors("ws-1").size, answers()]).toEqual([0, 1]);
});

test("a workspace that writes more than there can be fills neither the day nor the disk", () => {
  const { clock, usage, answers } = setUp({ aDay: 5, all: 7 });
  const at = clock.now();
  usage.take(DEMO, batch(Array.from({ length: 20 }, (_, index) => entry(`m${index}`, at))));
  expect(answers()).toBe(5);
  usage.take(DEMO, batch([entry("next", at - 2 * DAY)]));
  usage.take({ id: "ws-2", name: "other" }, batch(Array.from({ length: 5 }, (_, index) => entry(`m${index}`, at))));
  expect(answers()).toBe(11);
  usage.tidy(() => true);
  expect(answers()).toBe(7);
  expect(usage.since()).toBe(at);
});
