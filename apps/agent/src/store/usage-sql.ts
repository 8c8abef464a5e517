import type { DatabaseSync } from "node:sqlite";

/** By what sums are told apart. `slot` is a quarter of an hour: days begin at one in every zone of the earth. */
export type UsageDimension = "slot" | "workspace" | "execution" | "agent" | "model" | "all";

export const SLOT_MS = 900_000;
/** Written into the statement: a number that is bound is no integer to SQLite, and divides as none. */
const HOUR_MS = 3_600_000;

const COUNTS = ["input", "output", "cache_read", "cache_write", "cache_write_long", "reasoning"] as const;
const ADDED = COUNTS.map((column) => `SUM(${column}) AS ${column}`).join(", ");
const LARGER = COUNTS.map((column) => `${column} = max(${column}, excluded.${column})`).join(", ");
/** Rows at one instant are told apart by their number: a slice of them can be asked for, too. */
const SPAN = `(at, rowid) >= (:from, :fromRow) AND (at, rowid) < (:to, :toRow) AND (:execution IS NULL OR execution = :execution)`;
/** A workspace's answers that are no sums yet, the oldest first. */
const OLDEST = "workspace = :workspace AND source <> 'sum' AND at < :before ORDER BY at, rowid LIMIT :most";

const DIMENSIONS: Readonly<Record<UsageDimension, string>> = {
  slot: `at / ${SLOT_MS}`,
  workspace: "workspace",
  execution: "coalesce(execution, '')",
  agent: "tool",
  model: "model",
  all: `(at / ${SLOT_MS}) || ' ' || workspace || ' ' || tool || ' ' || coalesce(execution, '')`,
};

export type UsageSql = ReturnType<typeof prepareUsage>;

/** All that is asked of the tables. */
export function prepareUsage(db: DatabaseSync) {
  const sums = (by: UsageDimension) => ({
    ofAll: db.prepare(sumOf(by, SPAN)),
    ofOne: db.prepare(sumOf(by, `workspace = :workspace AND ${SPAN}`)),
  });
  const nth = (where: string) =>
    db.prepare(
      `SELECT at, rowid FROM usage WHERE ${where} (at, rowid) >= (:from, :fromRow) AND at < :to ORDER BY at, rowid LIMIT 1 OFFSET :rows`,
    );
  return {
    // The larger counts: an answer is written down before it has come to its end.
    put: db.prepare(
      `INSERT INTO usage (workspace, tool, key, name, execution, session, model, at, step, ${COUNTS.join(", ")}, told_cost, answers, source)
       VALUES (:workspace, :tool, :key, :name, :execution, :session, :model, :at, :step, ${COUNTS.map((column) => `:${column}`).join(", ")}, :told_cost, 1, :source)
       ON CONFLICT (workspace, tool, key) DO UPDATE SET ${LARGER}, told_cost = coalesce(excluded.told_cost, told_cost), step = max(step, excluded.step)`,
    ),
    known: db.prepare("SELECT 1 FROM usage WHERE workspace = ? AND tool = ? AND key = ?"),
    countOf: db.prepare("SELECT count(*) AS count FROM usage WHERE workspace = ?"),
    models: db.prepare("SELECT tool, model FROM usage_models WHERE workspace = ?"),
    name: db.prepare("INSERT OR IGNORE INTO usage_models (workspace, tool, model) VALUES (?, ?, ?)"),
    summed: db.prepare("SELECT summed FROM usage_summed WHERE workspace = ?"),
    sumUntil: db.prepare(
      `INSERT INTO usage_summed (workspace, summed) VALUES (?, ?) ON CONFLICT (workspace) DO UPDATE SET summed = excluded.summed`,
    ),
    oldest: db.prepare(
      `SELECT max(at) AS at FROM (SELECT at FROM usage WHERE workspace = ? AND source <> 'sum' ORDER BY at, rowid LIMIT ?)`,
    ),
    unsay: db.prepare("DELETE FROM usage WHERE workspace = ? AND tool = ? AND session = ? AND source = 'said'"),
    move: db.prepare(
      `INSERT INTO usage_cursors (workspace, log, log_offset, state, read_at) VALUES (:workspace, :log, :log_offset, :state, :read_at)
       ON CONFLICT (workspace, log) DO UPDATE SET log_offset = excluded.log_offset, state = excluded.state, read_at = excluded.read_at`,
    ),
    cursors: db.prepare("SELECT log, log_offset, state FROM usage_cursors WHERE workspace = ?"),
    countLogs: db.prepare("SELECT count(*) AS count FROM usage_cursors WHERE workspace = ?"),
    knownLog: db.prepare("SELECT 1 FROM usage_cursors WHERE workspace = ? AND log = ?"),
    forgetLog: db.prepare("DELETE FROM usage_cursors WHERE workspace = ? AND log = ?"),
    forgetLogs: db.prepare(
      `DELETE FROM usage_cursors WHERE workspace = :workspace AND log IN
       (SELECT log FROM usage_cursors WHERE workspace = :workspace ORDER BY read_at LIMIT :count)`,
    ),
    // No run has more answers, whatever a log says.
    assign: db.prepare(
      `UPDATE usage SET task = ?, execution = coalesce(?, execution)
       WHERE rowid IN (SELECT rowid FROM usage WHERE workspace = ? AND session = ? AND task IS NULL LIMIT 10000)`,
    ),
    own: db.prepare("UPDATE usage SET task = ? WHERE workspace = ? AND tool = ? AND key = ?"),
    logged: db.prepare("SELECT 1 FROM usage WHERE workspace = ? AND session = ? AND source = 'log' LIMIT 1"),
    loggedIn: db.prepare("SELECT 1 FROM usage WHERE workspace = ? AND at >= ? AND at <= ? AND source = 'log' LIMIT 1"),
    sums: {
      slot: sums("slot"),
      workspace: sums("workspace"),
      execution: sums("execution"),
      agent: sums("agent"),
      model: sums("model"),
      all: sums("all"),
    },
    nth: { ofAll: nth(""), ofOne: nth("workspace = :workspace AND") },
    since: db.prepare("SELECT min(at) AS at FROM usage"),
    sinceOf: db.prepare("SELECT min(at) AS at FROM usage WHERE workspace = ?"),
    fold: db.prepare(
      `INSERT INTO usage (workspace, tool, key, name, execution, model, at, step, ${COUNTS.join(", ")}, told_cost, answers, source)
       SELECT workspace, tool, 'hour ' || (at / ${HOUR_MS}) || ' ' || step || ' ' || (told_cost IS NULL) || ' ' || model || ' ' || coalesce(execution, ''),
         max(name), execution, model, at / ${HOUR_MS} * ${HOUR_MS}, step, ${ADDED}, SUM(told_cost), SUM(answers), 'sum'
       FROM usage WHERE rowid IN (SELECT rowid FROM usage WHERE ${OLDEST}) GROUP BY workspace, tool, at / ${HOUR_MS}, step, told_cost IS NULL, model, execution
       ON CONFLICT (workspace, tool, key) DO UPDATE SET ${COUNTS.map((column) => `${column} = ${column} + excluded.${column}`).join(", ")},
         told_cost = told_cost + excluded.told_cost, answers = answers + excluded.answers`,
    ),
    folded: db.prepare(`DELETE FROM usage WHERE rowid IN (SELECT rowid FROM usage WHERE ${OLDEST})`),
    drop: db.prepare(
      "DELETE FROM usage WHERE rowid IN (SELECT rowid FROM usage WHERE workspace = ? ORDER BY at, rowid LIMIT ?)",
    ),
    forget: db.prepare("DELETE FROM usage WHERE rowid IN (SELECT rowid FROM usage WHERE at < ? LIMIT ?)"),
    next: db.prepare("SELECT min(workspace) AS workspace FROM usage WHERE workspace > ?"),
    readFrom: db.prepare(
      "SELECT workspace FROM usage_cursors UNION SELECT workspace FROM usage_models UNION SELECT workspace FROM usage_summed",
    ),
    unread: ["usage_cursors", "usage_models", "usage_summed"].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE workspace = ?`),
    ),
  };
}

function sumOf(by: UsageDimension, where: string): string {
  return `SELECT ${DIMENSIONS[by]} AS key, workspace, name, execution, tool, max(at) AS at, model, step, ${ADDED}, SUM(answers) AS answers, SUM(told_cost) AS told_cost
    FROM usage WHERE ${where} GROUP BY 1, model, step, told_cost IS NULL`;
}
