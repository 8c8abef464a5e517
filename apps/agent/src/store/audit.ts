import type { DatabaseSync } from "node:sqlite";
import { isWsError, type Clock, type Log } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import { isFull } from "./disk-full.ts";
import { transact, unsynced } from "./database.ts";

export interface AuditRecord {
  at: number;
  who: string;
  action: string;
  target?: string;
  /** `ok` or an error code. */
  outcome: string;
  details?: Record<string, AuditDetail>;
}

/** One value, or names of which there are several. */
export type AuditDetail = string | string[];

/** Which entries are asked for: those that are all of what is said. */
export interface AuditFilter {
  target?: string | undefined;
  /** A part of who it was, such as a token's name or its id. */
  who?: string | undefined;
  /** An action, or the beginning of several up to a dot: `tasks` is `tasks.create` and `tasks.end`. */
  action?: string | undefined;
  /** Epoch milliseconds. */
  since?: number | undefined;
}

export interface Audit {
  /** In a transaction it is written with that, or nothing of it. */
  append(entry: Omit<AuditRecord, "at">): void;
  /**
   * Something begins that is one entry once it is over. What the agent was killed in the middle of becomes one with the outcome `interrupted` when the state
   * is opened next.
   */
  begin(entry: Begun): EndOfBegun;
  /** Newest first. */
  list(limit: number, only?: AuditFilter): AuditRecord[];
}

export type Begun = Omit<AuditRecord, "at" | "outcome">;
export type EndOfBegun = (news: Pick<AuditRecord, "outcome" | "details">) => void;

/** How many entries are kept of what was done, and of what was refused or failed. */
const KEPT = { done: 100_000, refused: 20_000 };
const TRIM_EVERY = 1_000;
const LONGEST = 200;
/** Of several names; what is one entry must not fill the disk. */
const MOST_NAMED = 10;

/**
 * Who changed what, with which outcome. When there are very many, the oldest go of those who have more than an equal share of
 * the room, of two callers the half: others can push out nothing of whoever has less, and what is refused nothing that was
 * done.
 */
export function createAudit(
  db: DatabaseSync,
  ports: { clock: Pick<Clock, "now">; redactor: Pick<Redactor, "clean">; log: Log },
  kept: typeof KEPT = KEPT,
): Audit {
  const { clock, redactor, log } = ports;
  const insert = db.prepare(
    "INSERT INTO audit (at, who, action, target, outcome, details) VALUES (:at, :who, :action, :target, :outcome, :details)",
  );
  const trim = prepareTrim(db, kept);
  const newest = db.prepare(
    `SELECT * FROM audit
     WHERE (:target IS NULL OR target = :target)
       AND (:who IS NULL OR instr(who, :who) > 0)
       AND (:action IS NULL OR action = :action OR substr(action, 1, length(:action) + 1) = :action || '.')
       AND (:since IS NULL OR at >= :since)
     ORDER BY seq DESC LIMIT :limit`,
  );
  const open = {
    insert: db.prepare(
      "INSERT INTO open_executions (at, who, action, target, details) VALUES (:at, :who, :action, :target, :details)",
    ),
    end: db.prepare("DELETE FROM open_executions WHERE seq = ?"),
    left: db.prepare(
      `INSERT INTO audit (at, who, action, target, outcome, details)
       SELECT at, who, action, target, 'interrupted', details FROM open_executions ORDER BY seq`,
    ),
    forget: db.prepare("DELETE FROM open_executions"),
    any: db.prepare("SELECT 1 FROM open_executions LIMIT 1"),
  };
  let appended = 0;

  /** Callers choose names, and terminals obey what they print. */
  function fit(text: string): string {
    return redactor.clean(text).slice(0, LONGEST).replace(/\p{C}/gu, "\uFFFD");
  }

  function fitDetail([key, said]: [string, AuditDetail]): [string, AuditDetail][] {
    if (typeof said === "string") return [[key, fit(said)]];
    const more = said.length - MOST_NAMED;
    const named: [string, AuditDetail] = [key, said.slice(0, MOST_NAMED).map(fit)];
    return more > 0 ? [named, ["more", String(more)]] : [named];
  }

  function fitting({ who, action, target, details = {} }: Begun) {
    const said = Object.entries(details).flatMap(fitDetail);
    return {
      who: fit(who),
      action,
      target: target === undefined ? null : fit(target),
      details: said.length === 0 ? null : JSON.stringify(Object.fromEntries(said)),
    };
  }

  /** In place of what was open, where it was. */
  function append(asked: Omit<AuditRecord, "at">, opened?: number | bigint): void {
    const { outcome } = asked;
    const entry = { ...fitting(asked), outcome };
    const add = (): void => void insert.run({ at: clock.now(), ...entry });
    appended += 1;
    // Whoever writes it with something else hears that it could not be.
    if (db.isTransaction) return add();
    const replace = (): void => {
      add();
      open.end.run(opened ?? null);
    };
    const write = opened === undefined ? add : () => transact(db, replace);
    try {
      // Whoever is refused again and again must not keep the disk busy for it.
      if (outcome === "ok") write();
      else unsynced(db, write);
      if (appended < TRIM_EVERY) return;
      appended = 0;
      trim();
    } catch (error) {
      // What it tells of has happened, and must not be told to have failed.
      if (!isWsError(error, "disk_full") && !isFull(error)) throw error;
      log.error("the audit could not be written", entry);
    }
  }

  function closeLeft(): void {
    if (open.any.get() === undefined) return;
    try {
      transact(db, () => {
        open.left.run();
        open.forget.run();
      });
    } catch (error) {
      if (!isWsError(error, "disk_full") && !isFull(error)) throw error;
      log.error("what the agent was ended in the middle of could not be written into the audit yet", { error });
    }
  }

  closeLeft();

  return {
    append: (entry) => append(entry),
    begin(begun) {
      let seq: number | bigint | undefined;
      try {
        // It is to outlive the agent, and not a power cut: nothing that is run waits for the disk.
        unsynced(db, () => ({ lastInsertRowid: seq } = open.insert.run({ at: clock.now(), ...fitting(begun) })));
      } catch (error) {
        if (!isWsError(error, "disk_full")) throw error;
      }
      return (news) => append({ ...begun, ...news }, seq);
    },
    list: (limit, { target = null, who = null, action = null, since = null } = {}) =>
      newest.all({ limit, target, who, action, since }).map((row) => ({
        at: Number(row["at"]),
        who: String(row["who"]),
        action: String(row["action"]),
        outcome: String(row["outcome"]),
        ...(row["target"] === null ? {} : { target: String(row["target"]) }),
        ...(row["details"] === null
          ? {}
          : { details: JSON.parse(String(row["details"])) as Record<string, AuditDetail> }),
      })),
  };
}

/** Deletes what is more than may be kept, of those who have the most, down to the same number for all of these. */
function prepareTrim(db: DatabaseSync, kept: typeof KEPT): () => void {
  const count = db.prepare("SELECT outcome = 'ok' AS done, who, count(*) AS entries FROM audit GROUP BY done, who");
  const cut = db.prepare(
    "DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE (outcome = 'ok') = ? AND who = ? ORDER BY seq LIMIT ?)",
  );
  return () => {
    const counted = count.all().map(({ done, who, entries }) => ({ done, who: String(who), entries: Number(entries) }));
    for (const [done, most] of [
      [1, kept.done],
      [0, kept.refused],
    ] as const) {
      const holders = counted.filter((holder) => holder.done === done).sort((a, b) => a.entries - b.entries);
      let room = most;
      for (const [index, { who, entries }] of holders.entries()) {
        // What those with less leave free is shared by the others.
        const keeps = Math.min(entries, Math.floor(room / (holders.length - index)));
        room -= keeps;
        if (keeps < entries) cut.run(done, who, entries - keeps);
      }
    }
  };
}
