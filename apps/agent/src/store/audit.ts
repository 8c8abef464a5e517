import type { DatabaseSync } from "node:sqlite";
import { isWsError, type Clock, type Log } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";

export interface AuditRecord {
  at: number;
  who: string;
  action: string;
  target?: string;
  /** `ok` or an error code. */
  outcome: string;
  details?: Record<string, unknown>;
}

export interface Audit {
  append(entry: Omit<AuditRecord, "at">): void;
  /** Newest first. */
  list(limit: number): AuditRecord[];
}

const KEPT = 100_000;

/** Who changed what, with which outcome; the oldest entries go when there are very many. */
export function createAudit(
  db: DatabaseSync,
  ports: { clock: Pick<Clock, "now">; redactor: Pick<Redactor, "clean" | "cleanLeaves">; log: Log },
): Audit {
  const { clock, redactor, log } = ports;
  const insert = db.prepare("INSERT INTO audit (at, who, action, target, outcome, details) VALUES (?, ?, ?, ?, ?, ?)");
  const trim = db.prepare("DELETE FROM audit WHERE seq <= (SELECT max(seq) FROM audit) - ?");
  const newest = db.prepare("SELECT * FROM audit ORDER BY seq DESC LIMIT ?");
  let appended = 0;
  return {
    append(entry) {
      const { who, action, target, outcome, details } = entry;
      const clean = (text: string | undefined): string | null => (text === undefined ? null : redactor.clean(text));
      const extra = details === undefined ? null : JSON.stringify(redactor.cleanLeaves(details));
      try {
        insert.run(clock.now(), redactor.clean(who), action, clean(target), outcome, extra);
        appended += 1;
        if (appended % 1_000 === 0) trim.run(KEPT);
      } catch (error) {
        // What it tells of has happened, and must not be told to have failed.
        if (!isWsError(error, "disk_full")) throw error;
        log.error("the audit could not be written", { ...entry });
      }
    },
    list: (limit) =>
      newest.all(limit).map((row) => ({
        at: Number(row["at"]),
        who: String(row["who"]),
        action: String(row["action"]),
        outcome: String(row["outcome"]),
        ...(row["target"] === null ? {} : { target: String(row["target"]) }),
        ...(row["details"] === null ? {} : { details: JSON.parse(String(row["details"])) as Record<string, unknown> }),
      })),
  };
}
