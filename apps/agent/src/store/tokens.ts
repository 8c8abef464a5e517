import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { isWsError, type Clock, type Handler, type WorkspaceId } from "@ws/workspace-core";
import type { Insist } from "./insist.ts";

export type TokenScope = "read" | "write" | "admin" | "workspace";

/** What the worker knows of a token: everything but the token. Times are milliseconds since the epoch. */
export interface Token {
  id: string;
  name: string;
  scope: TokenScope;
  /** The only workspace it may use, where the scope is `workspace`. */
  workspace?: WorkspaceId;
  /** The only thing it can be used for, in that workspace. */
  handler?: Handler;
  createdAt: number;
  lastUsedAt?: number;
  expiresAt?: number;
}

export interface Tokens {
  create(options: {
    name: string;
    scope: TokenScope;
    workspace?: WorkspaceId;
    handler?: Handler;
    /** Life from now on. */
    ttlMs?: number;
    /** Life after the last use. */
    idleMs?: number;
  }): Token & { token: string };
  /** The token's record where it is good now, undefined otherwise; asked at every request, so that a revocation holds at once. */
  verify(token: string): Token | undefined;
  /** By id, where it is good now. */
  get(id: string): Token | undefined;
  /** Where it ends after some idle time, that time begins anew. */
  use(id: string): void;
  /** Without those that have expired. */
  list(): Token[];
  /** By id or name; the ids that are gone. */
  revoke(idOrName: string): string[];
}

const PREFIX = "wst_";
/** Writing the last use of every request would be a disk write per request. */
const USE_GRANULARITY_MS = 60_000;

/** Tokens of at least 256 random bits, of which only the SHA-256 is kept: a stolen state file opens nothing. */
export function createTokens(db: DatabaseSync, clock: Pick<Clock, "now">, insist: Insist = (work) => work()): Tokens {
  const sql = statements(db);

  function isGood(row: Row | undefined): row is Row {
    return row !== undefined && (row["expires_at"] === null || Number(row["expires_at"]) > clock.now());
  }

  /** A full disk must not lock everybody out, so a use that cannot be written down is not. */
  function use(row: Row): void {
    const now = clock.now();
    if (now - Number(row["last_used_at"] ?? 0) < USE_GRANULARITY_MS) return;
    const end = row["idle_ms"] === null ? row["expires_at"] : now + Number(row["idle_ms"]);
    try {
      sql.use.run(now, end as number | null, String(row["id"]));
    } catch (error) {
      if ((error as { errcode?: number }).errcode === undefined && !isWsError(error, "disk_full")) throw error;
    }
  }

  return {
    create({ name, scope, workspace, handler, ttlMs, idleMs }) {
      const now = clock.now();
      sql.sweep.run(now);
      const token = PREFIX + randomBytes(32).toString("base64url");
      const id = `tok-${randomBytes(6).toString("hex")}`;
      const expiresAt = ttlMs === undefined ? undefined : now + ttlMs;
      const end = expiresAt ?? (idleMs === undefined ? null : now + idleMs);
      const limit = handler === undefined ? null : JSON.stringify(handler);
      sql.insert.run(id, name, scope, workspace ?? null, hashSecret(token), now, end, idleMs ?? null, limit);
      return { ...toToken(sql.byId.get(id)), token };
    },
    verify(token) {
      const hash = hashSecret(token);
      const row = sql.byHash.get(hash);
      // What the index's timing could tell is of digests, which nobody can choose; what decides takes constant time.
      if (row === undefined || !timingSafeEqual(row["hash"] as Uint8Array, hash)) return undefined;
      if (!isGood(row)) return undefined;
      use(row);
      return toToken(row);
    },
    get(id) {
      const row = sql.byId.get(id);
      return isGood(row) ? toToken(row) : undefined;
    },
    use(id) {
      const row = sql.byId.get(id);
      if (isGood(row)) use(row);
    },
    list: () => sql.list.all(clock.now()).map(toToken),
    revoke: (idOrName) => insist(() => sql.revoke.all(idOrName, idOrName)).map((row) => String(row["id"])),
  };
}

/** SHA-256 suffices where the secret is random: there is nothing to guess from. */
export function hashSecret(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}

function statements(db: DatabaseSync) {
  return {
    insert: db.prepare(
      `INSERT INTO tokens (id, name, scope, workspace, hash, created_at, expires_at, idle_ms, handler)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    byId: db.prepare("SELECT * FROM tokens WHERE id = ?"),
    byHash: db.prepare("SELECT * FROM tokens WHERE hash = ?"),
    use: db.prepare("UPDATE tokens SET last_used_at = ?, expires_at = ? WHERE id = ?"),
    list: db.prepare("SELECT * FROM tokens WHERE expires_at IS NULL OR expires_at > ? ORDER BY created_at, id"),
    revoke: db.prepare("DELETE FROM tokens WHERE id = ? OR name = ? RETURNING id"),
    sweep: db.prepare("DELETE FROM tokens WHERE expires_at <= ?"),
  };
}

type Row = Record<string, unknown>;

function toToken(row: Row | undefined): Token {
  if (row === undefined) throw new Error("a token that was just written is gone");
  const { workspace, handler, last_used_at: lastUsed, expires_at: expires } = row;
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    scope: row["scope"] as TokenScope,
    createdAt: Number(row["created_at"]),
    ...(workspace === null ? {} : { workspace: workspace as WorkspaceId }),
    ...(handler === null ? {} : { handler: JSON.parse(handler as string) as Handler }),
    ...(lastUsed === null ? {} : { lastUsedAt: Number(lastUsed) }),
    ...(expires === null ? {} : { expiresAt: Number(expires) }),
  };
}
