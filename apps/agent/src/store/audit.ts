import type { DatabaseSync } from "node:sqlite";
import { isWsError, type Clock, type Log } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import { unsynced } from "./database.ts";

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

export interface Audit {
  append(entry: Omit<AuditRecord, "at">): void;
  /** Newest first. */
  list(limit: number): AuditRecord[];
}

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
  const newest = db.prepare("SELECT * FROM audit ORDER BY seq DESC LIMIT ?");
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

  return {
    append({ who, action, target, outcome, details = {} }) {
      const said = Object.entries(details).flatMap(fitDetail);
      const entry = {
        who: fit(who),
        action,
        target: target === undefined ? null : fit(target),
        outcome,
        details: said.length === 0 ? null : JSON.stringify(Object.fromEntries(said)),
      };
      const write = (): unknown => insert.run({ at: clock.now(), ...entry });
      try {
        // Whoever is refused again and again must not keep the disk busy for it.
        if (outcome === "ok") write();
        else unsynced(db, write);
        appended += 1;
        if (appended % TRIM_EVERY === 0) trim();
      } catch (error) {
        // What it tells of has happened, and must not be told to have failed.
        if (!isWsError(error, "disk_full")) throw error;
        log.error("the audit could not be written", entry);
      }
    },
    list: (limit) =>
      newest.all(limit).map((row) => ({
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
