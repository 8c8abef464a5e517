import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import {
  contextStep,
  OLDEST_MS,
  type Clock,
  type LogCursor,
  type TokenCounts,
  type UsageEntry,
  type UsageLog,
} from "@ws/workspace-core";
import { transact, unsynced } from "./database.ts";
import { prepareUsage, type UsageDimension } from "./usage-sql.ts";

/** What all answers of a kind came to. */
export interface UsageSum {
  /** Of its dimension; empty where there is none. What it has of the others is that of one of its answers. */
  key: string;
  workspace: string;
  /** What its workspace was called last. */
  name: string;
  execution: string;
  agent: string;
  model: string;
  /** The step of `CONTEXT_STEPS` that the contexts were beyond. */
  step: number;
  counts: TokenCounts;
  reasoning: number;
  answers: number;
  /** What the tool said that they cost; absent where it said nothing. */
  toldCost?: number;
}

export interface UsageSpan {
  /** Milliseconds since the epoch; `to` is no part of it. */
  from: number;
  to: number;
  workspace?: string | undefined;
  execution?: string | undefined;
}

/** What a task's run said at its end. */
export interface SaidUsage {
  task: string;
  workspace: { id: string; name: string; execution?: string | undefined };
  tool: string;
  model: string;
  session?: string | undefined;
  startedAt: number;
  endedAt: number;
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  cost?: number | undefined;
}

export interface UsageStore extends UsageLog {
  /** A run came to its end: its answers are its task's, and where no log tells of any, what it said itself stands for them. */
  said(usage: SaidUsage): void;
  sums(by: UsageDimension, span: UsageSpan): UsageSum[];
  /** Since when there is anything; undefined where there is nothing. */
  since(workspace?: string): number | undefined;
  /** Sums up what is long ago, and forgets what is longer ago, and how far the logs of workspaces were read that are gone. */
  tidy(isThere: (workspace: string) => boolean): void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** From then on hours are enough. Nothing that is older is taken in any more. */
const SINGLE_MS = OLDEST_MS + 5 * DAY_MS;
const KEPT_MS = 400 * DAY_MS;
/** A workspace writes its logs itself, and as many as it likes. */
const MOST_A_DAY = 50_000;
const MOST = 1_000_000;

/** What coding tools used, an answer each, in the state's database. */
export function createUsageStore(
  db: DatabaseSync,
  clock: Pick<Clock, "now">,
  most: { aDay: number; all: number } = { aDay: MOST_A_DAY, all: MOST },
): UsageStore {
  const sql = prepareUsage(db);

  function take(
    workspace: Parameters<UsageLog["take"]>[0],
    { entries, cursor }: Parameters<UsageLog["take"]>[1],
  ): void {
    const { id, name, execution } = workspace;
    const counted = new Map<number, number>();
    const sessions = new Map<string, [tool: string, session: string]>();
    for (const entry of entries) {
      const day = Math.floor(entry.at / DAY_MS) * DAY_MS;
      const count = counted.get(day) ?? Number(sql.countOn.get(id, day, day + DAY_MS)?.["count"] ?? 0);
      counted.set(day, count + 1);
      if (count >= most.aDay) continue;
      sql.put.run({ ...columnsOf(entry), workspace: id, name, execution: execution?.id ?? null, source: "log" });
      const { tool, session } = entry;
      if (session !== undefined) sessions.set(`${tool} ${session}`, [tool, session]);
    }
    // Its own log tells more than what its run said.
    for (const [tool, session] of sessions.values()) sql.unsay.run(id, tool, session);
    sql.move.run({ workspace: id, log: cursor.log, log_offset: cursor.offset, state: cursor.state });
  }

  return {
    cursors: (workspace) =>
      new Map(
        sql.cursors.all(workspace).map((row): [string, LogCursor] => {
          const log = String(row["log"]);
          return [log, { log, offset: Number(row["log_offset"]), state: String(row["state"]) }];
        }),
      ),
    // What a power cut takes of it is read again.
    take: (workspace, batch) => unsynced(db, () => transact(db, () => take(workspace, batch))),
    said(usage) {
      const { task, workspace, tool, model, session, startedAt, endedAt } = usage;
      const { inputTokens: input = 0, outputTokens: output = 0, cost = 0 } = usage;
      unsynced(db, () =>
        transact(db, () => {
          if (session !== undefined) sql.assign.run(task, workspace.execution ?? null, workspace.id, session);
          const isLogged =
            session === undefined
              ? sql.loggedIn.get(workspace.id, startedAt, endedAt)
              : sql.logged.get(workspace.id, session);
          if (isLogged !== undefined || input + output + cost === 0) return;
          const counts = { input, output, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };
          const told = cost === 0 ? {} : { toldCost: cost };
          // Not by attempt: what one said that said nothing is what the one before said.
          const key = task;
          const entry = { key, tool, model, at: endedAt, counts, reasoning: 0, ...told };
          const of = { workspace: workspace.id, name: workspace.name, execution: workspace.execution ?? null };
          // The context of so many answers is not known.
          const columns = { ...columnsOf(entry), step: 0, session: session ?? null, ...of, source: "said" };
          sql.put.run(columns);
          sql.own.run(task, workspace.id, tool, key);
        }),
      );
    },
    sums: (by, { from, to, workspace = null, execution = null }) =>
      sql.sums[by].all({ from, to, workspace, execution }).map(sumOf),
    since(workspace) {
      const at = sql.since.get({ workspace: workspace ?? null })?.["at"];
      return typeof at === "number" ? at : undefined;
    },
    tidy(isThere) {
      const now = clock.now();
      const before = Math.floor((now - SINGLE_MS) / HOUR_MS) * HOUR_MS;
      transact(db, () => {
        sql.fold.run({ before, hour: HOUR_MS });
        sql.folded.run(before);
        sql.forget.run(now - KEPT_MS);
        sql.trim.run(most.all);
        for (const { workspace } of sql.read.all()) if (!isThere(String(workspace))) sql.unread.run(String(workspace));
      });
    },
  };
}

function columnsOf({
  key,
  tool,
  model,
  at,
  session = null,
  counts,
  reasoning,
  toldCost,
}: Omit<UsageEntry, "session"> & { session?: string | null }) {
  const { input, output, cacheRead: cache_read, cacheWrite: cache_write, cacheWriteLong: cache_write_long } = counts;
  const step = contextStep(counts);
  return {
    key,
    tool,
    model,
    at,
    session,
    step,
    input,
    output,
    cache_read,
    cache_write,
    cache_write_long,
    reasoning,
    told_cost: toldCost ?? null,
  };
}

type Row = Record<string, SQLOutputValue>;

function countsOf(row: Row): TokenCounts {
  return {
    input: Number(row["input"]),
    output: Number(row["output"]),
    cacheRead: Number(row["cache_read"]),
    cacheWrite: Number(row["cache_write"]),
    cacheWriteLong: Number(row["cache_write_long"]),
  };
}

function sumOf(row: Row): UsageSum {
  const { told_cost: told } = row;
  return {
    key: String(row["key"]),
    workspace: String(row["workspace"]),
    name: String(row["name"]),
    execution: String(row["execution"] ?? ""),
    agent: String(row["tool"]),
    model: String(row["model"]),
    step: Number(row["step"]),
    counts: countsOf(row),
    reasoning: Number(row["reasoning"]),
    answers: Number(row["answers"]),
    ...(typeof told === "number" ? { toldCost: told } : {}),
  };
}
