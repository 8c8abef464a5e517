import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { contextStep, type Clock, type TokenCounts, type UsageEntry, type UsageLog } from "@ws/workspace-core";
import { transact, unsynced } from "./database.ts";
import { createUsageLogs } from "./usage-logs.ts";
import { createUsageRoom, USAGE_BOUNDS, type UsageBounds, type UsageRoom } from "./usage-room.ts";
import { prepareUsage, type UsageDimension } from "./usage-sql.ts";
import { tidyUsage } from "./usage-tidy.ts";

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

/** Of a span a part, which begins and ends at a row of these instants. */
export interface UsageSlice extends UsageSpan {
  fromRow?: number;
  toRow?: number;
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
  sums(by: UsageDimension, span: UsageSpan | UsageSlice): UsageSum[];
  /** Parts of a span of so many answers at most, the earliest first: many are not added up in one go. */
  slices(span: UsageSpan, rows: number): Iterable<UsageSlice>;
  /** Another one whenever there may be something new. */
  revision(): number;
  /** Since when there is anything; undefined where there is nothing. */
  since(workspace?: string): number | undefined;
  /** Sums up what is long ago, and forgets what is longer ago, and how far the logs of workspaces were read that are gone. */
  tidy(isThere: (workspace: string) => boolean): Promise<void>;
}

/** What coding tools used, an answer each, in the state's database. */
export function createUsageStore(
  db: DatabaseSync,
  clock: Pick<Clock, "now">,
  bounds: UsageBounds = USAGE_BOUNDS,
): UsageStore {
  const sql = prepareUsage(db);
  const logs = createUsageLogs(sql, clock, bounds.logs);
  const rooms = new Map<string, UsageRoom>();
  let revision = 0;

  function roomOf(workspace: string): UsageRoom {
    const room = rooms.get(workspace) ?? createUsageRoom(sql, bounds, workspace);
    rooms.set(workspace, room);
    return room;
  }

  /** What a power cut takes of it is read again. */
  function change(workspace: string, work: () => void): void {
    try {
      unsynced(db, () => transact(db, work));
    } catch (error) {
      rooms.delete(workspace);
      throw error;
    }
  }

  function take(
    workspace: Parameters<UsageLog["take"]>[0],
    { entries, cursor }: Parameters<UsageLog["take"]>[1],
  ): void {
    const { id, name, execution } = workspace;
    const room = roomOf(id);
    const sessions = new Map<string, [tool: string, session: string]>();
    let put = 0;
    for (const entry of entries) {
      if (!room.admits(entry)) continue;
      const { tool, session } = entry;
      const model = room.modelOf(tool, entry.model);
      const of = { workspace: id, name, execution: execution?.id ?? null, source: "log" };
      sql.put.run({ ...columnsOf({ ...entry, model }), ...of });
      put += 1;
      if (session !== undefined) sessions.set(`${tool} ${session}`, [tool, session]);
    }
    // Its own log tells more than what its run said.
    for (const [tool, session] of sessions.values()) sql.unsay.run(id, tool, session);
    if (put > 0) revision += 1;
    room.keepWithin(put);
    logs.move(id, cursor);
  }

  function say({ task, workspace, tool, session, startedAt, endedAt, ...usage }: SaidUsage): void {
    const { inputTokens: input = 0, outputTokens: output = 0, cost = 0 } = usage;
    revision += 1;
    if (session !== undefined) sql.assign.run(task, workspace.execution ?? null, workspace.id, session);
    const isLogged =
      session === undefined
        ? sql.loggedIn.get(workspace.id, startedAt, endedAt)
        : sql.logged.get(workspace.id, session);
    if (isLogged !== undefined || input + output + cost === 0) return;
    const room = roomOf(workspace.id);
    const counts = { input, output, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };
    const told = cost === 0 ? {} : { toldCost: cost };
    // Not by attempt: what one said that said nothing is what the one before said.
    const key = task;
    const model = room.modelOf(tool, usage.model);
    const entry = { key, tool, model, at: endedAt, counts, reasoning: 0, ...told };
    const of = { workspace: workspace.id, name: workspace.name, execution: workspace.execution ?? null };
    // The context of so many answers is not known.
    sql.put.run({ ...columnsOf(entry), step: 0, session: session ?? null, ...of, source: "said" });
    sql.own.run(task, workspace.id, tool, key);
    room.keepWithin(1);
  }

  return {
    cursors: logs.cursors,
    forget(workspace, gone) {
      transact(db, () => logs.forget(workspace, gone));
    },
    take: (workspace, batch) => change(workspace.id, () => take(workspace, batch)),
    said: (usage) => change(usage.workspace.id, () => say(usage)),
    revision: () => revision,
    sums(by, { workspace, execution = null, ...span }) {
      const { ofOne, ofAll } = sql.sums[by];
      const asked = { fromRow: 0, toRow: 0, ...span, execution };
      return (workspace === undefined ? ofAll.all(asked) : ofOne.all({ ...asked, workspace })).map(sumOf);
    },
    *slices({ workspace, ...span }, rows) {
      const { ofOne, ofAll } = sql.nth;
      for (let [from, fromRow] = [span.from, 0]; ;) {
        const asked = { from, fromRow, to: span.to, rows };
        const next = workspace === undefined ? ofAll.get(asked) : ofOne.get({ ...asked, workspace });
        if (next === undefined) return yield { ...span, workspace, from, fromRow };
        const [to, toRow] = [Number(next["at"]), Number(next["rowid"])];
        yield { ...span, workspace, from, fromRow, to, toRow };
        [from, fromRow] = [to, toRow];
      }
    },
    since(workspace) {
      const at = (workspace === undefined ? sql.since.get() : sql.sinceOf.get(workspace))?.["at"];
      return typeof at === "number" ? at : undefined;
    },
    async tidy(isThere) {
      await tidyUsage(db, sql, { bounds, now: clock.now(), isThere });
      rooms.clear();
      revision += 1;
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
