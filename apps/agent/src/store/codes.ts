import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "@ws/workspace-core";
import { transact } from "./database.ts";
import type { Insist } from "./insist.ts";
import { hashSecret } from "./tokens.ts";

export interface Codes {
  /** A code for one use within five minutes; `maker` is the id of the token, or of the machine, that asked for it. */
  create(maker?: string): { code: string; expiresAt: number };
  /** Spends the code for what it is good for, both or neither; undefined where it is not good. */
  redeem<T>(code: string, forWhat: (maker: string | undefined) => T): T | undefined;
  /** Ends what this maker has made and nobody has used. */
  endOf(maker: string): void;
}

const LIFE_MS = 5 * 60_000;

/**
 * One-time codes of 192 random bits; only their hashes are kept. They work on a full disk, too: who cannot sign in cannot
 * delete anything.
 */
export function createCodes(db: DatabaseSync, clock: Pick<Clock, "now">, insist: Insist = (work) => work()): Codes {
  const insert = db.prepare("INSERT INTO codes (hash, expires_at, maker) VALUES (?, ?, ?)");
  // One statement both checks and spends it, so that two exchanges at once cannot both succeed.
  const spend = db.prepare("DELETE FROM codes WHERE hash = ? RETURNING expires_at, maker");
  const end = db.prepare("DELETE FROM codes WHERE maker = ?");
  const sweep = db.prepare("DELETE FROM codes WHERE expires_at <= ?");
  return {
    create(maker) {
      const now = clock.now();
      const code = randomBytes(24).toString("base64url");
      const expiresAt = now + LIFE_MS;
      insist(() => {
        sweep.run(now);
        insert.run(hashSecret(code), expiresAt, maker ?? null);
      });
      return { code, expiresAt };
    },
    redeem: (code, forWhat) =>
      insist(() =>
        transact(db, () => {
          const row = spend.get(hashSecret(code));
          if (row === undefined || Number(row["expires_at"]) <= clock.now()) return undefined;
          const { maker } = row as { maker: string | null };
          return forWhat(maker ?? undefined);
        }),
      ),
    endOf: (maker) => insist(() => void end.run(maker)),
  };
}
