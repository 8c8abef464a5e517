import type { DatabaseSync } from "node:sqlite";

/** By what sums are told apart. `slot` is a quarter of an hour: days begin at one in every zone of the earth. */
export type UsageDimension = "slot" | "workspace" | "execution" | "agent" | "model" | "all";

export const SLOT_MS = 900_000;

const COUNTS = ["input", "output", "cache_read", "cache_write", "cache_write_long", "reasoning"] as const;
const ADDED = COUNTS.map((column) => `SUM(${column}) AS ${column}`).join(", ");
const LARGER = COUNTS.map((column) => `${column} = max(${column}, excluded.${column})`).join(", ");
const SPAN = `at >= :from AND at < :to AND (:workspace IS NULL OR workspace = :workspace)
  AND (:execution IS NULL OR execution = :execution)`;

const DIMENSIONS: Readonly<Record<UsageDimension, string>> = {
  slot: `at / ${SLOT_MS}`,
  workspace: "workspace",
  execution: "coalesce(execution, '')",
  agent: "tool",
  model: "model",
  all: `(at / ${SLOT_MS}) || ' ' || workspace || ' ' || tool || ' ' || coalesce(execution, '')`,
};

/** All that is asked of the table. */
export function prepareUsage(db: DatabaseSync) {
  const sums = (by: UsageDimension) =>
    db.prepare(
      `SELECT ${DIMENSIONS[by]} AS key, workspace, name, execution, tool, max(at) AS at, model, step, ${ADDED}, SUM(answers) AS answers, SUM(told_cost) AS told_cost
       FROM usage WHERE ${SPAN} GROUP BY 1, model, step, told_cost IS NULL`,
    );
  return {
    // The larger counts: an answer is written down before it has come to its end.
    put: db.prepare(
      `INSERT INTO usage (workspace, tool, key, name, execution, session, model, at, step, ${COUNTS.join(", ")}, told_cost, answers, source)
       VALUES (:workspace, :tool, :key, :name, :execution, :session, :model, :at, :step, ${COUNTS.map((column) => `:${column}`).join(", ")}, :told_cost, 1, :source)
       ON CONFLICT (workspace, tool, key) DO UPDATE SET ${LARGER}, told_cost = coalesce(excluded.told_cost, told_cost), step = max(step, excluded.step)`,
    ),
    countOn: db.prepare("SELECT count(*) AS count FROM usage WHERE workspace = ? AND at >= ? AND at < ?"),
    unsay: db.prepare("DELETE FROM usage WHERE workspace = ? AND tool = ? AND session = ? AND source = 'said'"),
    move: db.prepare(
      `INSERT INTO usage_cursors (workspace, log, log_offset, state) VALUES (:workspace, :log, :log_offset, :state)
       ON CONFLICT (workspace, log) DO UPDATE SET log_offset = excluded.log_offset, state = excluded.state`,
    ),
    cursors: db.prepare("SELECT log, log_offset, state FROM usage_cursors WHERE workspace = ?"),
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
    since: db.prepare("SELECT min(at) AS at FROM usage WHERE :workspace IS NULL OR workspace = :workspace"),
    fold: db.prepare(
      `INSERT INTO usage (workspace, tool, key, name, execution, model, at, step, ${COUNTS.join(", ")}, told_cost, answers, source)
       SELECT workspace, tool, 'hour ' || (at / :hour) || ' ' || step || ' ' || (told_cost IS NULL) || ' ' || model || ' ' || coalesce(execution, ''),
         max(name), execution, model, at / :hour * :hour, step, ${ADDED}, SUM(told_cost), SUM(answers), 'sum'
       FROM usage WHERE at < :before AND source <> 'sum' GROUP BY workspace, tool, at / :hour, step, told_cost IS NULL, model, execution
       ON CONFLICT (workspace, tool, key) DO UPDATE SET ${COUNTS.map((column) => `${column} = ${column} + excluded.${column}`).join(", ")},
         told_cost = told_cost + excluded.told_cost, answers = answers + excluded.answers`,
    ),
    folded: db.prepare("DELETE FROM usage WHERE at < ? AND source <> 'sum'"),
    forget: db.prepare("DELETE FROM usage WHERE at < ?"),
    trim: db.prepare("DELETE FROM usage WHERE rowid IN (SELECT rowid FROM usage ORDER BY at DESC LIMIT -1 OFFSET ?)"),
    read: db.prepare("SELECT DISTINCT workspace FROM usage_cursors"),
    unread: db.prepare("DELETE FROM usage_cursors WHERE workspace = ?"),
  };
}
