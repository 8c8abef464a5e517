import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { isWsError, type Clock, type Handler, type PolicyRules, type WorkspaceId } from "@ws/workspace-core";
import { transact } from "./database.ts";
import type { Insist } from "./insist.ts";

export type TokenScope = "read" | "write" | "admin" | "workspace" | "uplink" | "metrics";

/** What the worker knows of a token: everything but the token. Times are milliseconds since the epoch. */
export interface Token {
  id: string;
  name: string;
  scope: TokenScope;
  /** The only workspace it may use, where the scope is `workspace`. */
  workspace?: WorkspaceId;
  /** The only thing it can be used for, in that workspace. */
  handler?: Handler;
  /** What it adds to the policy of each workspace. */
  rules?: PolicyRules;
  /** Which device it is for, where it was paired or signed in. */
  device?: Device;
  createdAt: number;
  lastUsedAt?: number;
  /** The address it was used from then. */
  lastUsedFrom?: string;
  expiresAt?: number;
}

export interface Device {
  kind: "cli" | "browser";
  platform: string;
  /** A line of an OpenSSH public key. */
  sshKey?: string;
  /** The id of who made the link that it signed in with. */
  by?: string;
}

export type TokenEnd = "unknown" | "revoked" | "expired";

export interface Tokens {
  create(options: {
    name: string;
    scope: TokenScope;
    workspace?: WorkspaceId;
    handler?: Handler;
    rules?: PolicyRules;
    device?: Device;
    /** Life from now on. */
    ttlMs?: number;
    /** Life after the last use. */
    idleMs?: number;
    /** One that another agent has made; a new one where absent. */
    token?: string;
  }): Token & { token: string };
  /** The token's record where it is good now, undefined otherwise; asked at every request, so that a revocation holds at once. */
  verify(token: string, from?: string): Token | undefined;
  /** What became of a token that is not good: nothing is known of it, or of one that ended more than 30 days ago. */
  endOf(token: string): TokenEnd;
  /** By id, where it is good now. */
  get(id: string): Token | undefined;
  /** Where it ends after some idle time, that time begins anew. */
  use(id: string): void;
  /** By id. One that ends after some idle time ends after `idleMs` of it, where that is longer; no other becomes one. */
  change(id: string, news: { name?: string; device?: Device; idleMs?: number }): void;
  /** Without those that have expired. */
  list(): Token[];
  /** By id or name, of a device by its id only; the ids that are gone. `by` is the id of the token that asks: one that ends itself takes back nothing that it asked for. */
  revoke(idOrName: string, by?: string): string[];
  /** Whether the token with this id was revoked by somebody else. Known for 30 days, and as long as a task waits that it asked for. */
  wasWithdrawn(id: string): boolean;
}

const PREFIX = "wst_";
/** Writing the last use of every request would be a disk write per request. */
const USE_GRANULARITY_MS = 60_000;
/** How long who holds a token that has ended is told so. */
const ENDED_KEPT_MS = 30 * 86_400_000;

function newToken(): string {
  return PREFIX + randomBytes(32).toString("base64url");
}

/** Tokens of at least 256 random bits, of which only the SHA-256 is kept: a stolen state file opens nothing. */
export function createTokens(db: DatabaseSync, clock: Pick<Clock, "now">, insist: Insist = (work) => work()): Tokens {
  const sql = statements(db);

  function isGood(row: Row | undefined): row is Row {
    return row !== undefined && (row["expires_at"] === null || Number(row["expires_at"]) > clock.now());
  }

  /** A full disk must neither lock anybody out nor keep a token alive. */
  function ifThereIsRoom(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!isForWantOfRoom(error)) throw error;
    }
  }

  function use(row: Row, from = row["last_used_from"]): void {
    const now = clock.now();
    if (now - Number(row["last_used_at"] ?? 0) < USE_GRANULARITY_MS) return;
    const end = row["idle_ms"] === null ? row["expires_at"] : now + Number(row["idle_ms"]);
    ifThereIsRoom(() => void sql.use.run(now, end as number | null, from as string | null, String(row["id"])));
  }

  function remember(ended: readonly Row[], why: TokenEnd, by?: string): void {
    const now = clock.now();
    for (const { hash, id } of ended) {
      const withdrawn = why === "revoked" && id !== by ? String(id) : null;
      sql.remember.run(hash as Uint8Array, why, now, withdrawn);
    }
    if (ended.length > 0) sql.forget.run(now - ENDED_KEPT_MS);
  }

  function takeAway(idOrName: string, by: string | undefined): Row[] {
    const take = (): Row[] => sql.revoke.all(idOrName, idOrName);
    try {
      // In one step: for a token that is gone, and not known to be withdrawn, an agent that was killed in between would begin what that asked for.
      return insist(() =>
        transact(db, () => {
          const gone = take();
          remember(gone, "revoked", by);
          return gone;
        }),
      );
    } catch (error) {
      if (!isForWantOfRoom(error)) throw error;
      return insist(take);
    }
  }

  return {
    create({ name, scope, workspace, handler, rules, device, ttlMs, idleMs, token = newToken() }) {
      const now = clock.now();
      const expired = sql.sweep.all(now);
      // They are gone whether or not this can be written down.
      ifThereIsRoom(() => remember(expired, "expired"));
      const id = `tok-${randomBytes(6).toString("hex")}`;
      const expiresAt = ttlMs === undefined ? undefined : now + ttlMs;
      const end = expiresAt ?? (idleMs === undefined ? null : now + idleMs);
      const limit = asText(handler);
      sql.insert.run(
        id,
        name,
        scope,
        workspace ?? null,
        hashSecret(token),
        now,
        end,
        idleMs ?? null,
        limit,
        asText(rules),
        asText(device),
      );
      return { ...toToken(sql.byId.get(id)), token };
    },
    verify(token, from) {
      const hash = hashSecret(token);
      const row = sql.byHash.get(hash);
      // What the index's timing could tell is of digests, which nobody can choose; what decides takes constant time.
      if (row === undefined || !timingSafeEqual(row["hash"] as Uint8Array, hash)) return undefined;
      if (!isGood(row)) return undefined;
      use(row, from);
      return toToken(row);
    },
    endOf(token) {
      const hash = hashSecret(token);
      if (sql.byHash.get(hash) !== undefined) return "expired";
      const ended = sql.ended.get(hash, clock.now() - ENDED_KEPT_MS);
      return ended === undefined ? "unknown" : (ended["why"] as TokenEnd);
    },
    get(id) {
      const row = sql.byId.get(id);
      return isGood(row) ? toToken(row) : undefined;
    },
    use(id) {
      const row = sql.byId.get(id);
      if (isGood(row)) use(row);
    },
    change(id, { name, device, idleMs }) {
      sql.change.run(name ?? null, asText(device), id);
      if (idleMs !== undefined) sql.stay.run({ id, idle: idleMs, end: clock.now() + idleMs });
    },
    list: () => sql.list.all(clock.now()).map(toToken),
    wasWithdrawn: (id) => sql.withdrawn.get(id) !== undefined,
    revoke(idOrName, by) {
      return takeAway(idOrName, by).map((row) => String(row["id"]));
    },
  };
}

function isForWantOfRoom(error: unknown): boolean {
  return (error as { errcode?: number }).errcode !== undefined || isWsError(error, "disk_full");
}

/** SHA-256 suffices where the secret is random: there is nothing to guess from. */
export function hashSecret(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}

function statements(db: DatabaseSync) {
  return {
    insert: db.prepare(
      `INSERT INTO tokens (id, name, scope, workspace, hash, created_at, expires_at, idle_ms, handler, rules, device)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    byId: db.prepare("SELECT * FROM tokens WHERE id = ?"),
    byHash: db.prepare("SELECT * FROM tokens WHERE hash = ?"),
    use: db.prepare("UPDATE tokens SET last_used_at = ?, expires_at = ?, last_used_from = ? WHERE id = ?"),
    change: db.prepare("UPDATE tokens SET name = coalesce(?, name), device = coalesce(?, device) WHERE id = ?"),
    stay: db.prepare("UPDATE tokens SET idle_ms = :idle, expires_at = :end WHERE id = :id AND idle_ms < :idle"),
    list: db.prepare("SELECT * FROM tokens WHERE expires_at IS NULL OR expires_at > ? ORDER BY created_at, id"),
    revoke: db.prepare("DELETE FROM tokens WHERE id = ? OR (name = ? AND device IS NULL) RETURNING id, hash"),
    sweep: db.prepare("DELETE FROM tokens WHERE expires_at <= ? RETURNING hash"),
    remember: db.prepare("INSERT OR REPLACE INTO ended_tokens (hash, why, ended_at, withdrawn) VALUES (?, ?, ?, ?)"),
    withdrawn: db.prepare("SELECT 1 FROM ended_tokens WHERE withdrawn = ?"),
    ended: db.prepare("SELECT why FROM ended_tokens WHERE hash = ? AND ended_at > ?"),
    forget: db.prepare(
      `DELETE FROM ended_tokens WHERE ended_at <= ? AND (withdrawn IS NULL OR NOT EXISTS (
         SELECT 1 FROM tasks WHERE live = 1 AND json_extract(record, '$.rights.token') = withdrawn))`,
    ),
  };
}

function asText(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

type Row = Record<string, unknown>;

function toToken(row: Row | undefined): Token {
  if (row === undefined) throw new Error("a token that was just written is gone");
  const { workspace, handler, rules, device, last_used_at: lastUsed, last_used_from: from, expires_at: expires } = row;
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    scope: row["scope"] as TokenScope,
    createdAt: Number(row["created_at"]),
    ...(workspace === null ? {} : { workspace: workspace as WorkspaceId }),
    ...(handler === null ? {} : { handler: JSON.parse(handler as string) as Handler }),
    ...(rules === null ? {} : { rules: JSON.parse(rules as string) as PolicyRules }),
    ...(device === null ? {} : { device: JSON.parse(device as string) as Device }),
    ...(lastUsed === null ? {} : { lastUsedAt: Number(lastUsed) }),
    ...(from === null ? {} : { lastUsedFrom: from as string }),
    ...(expires === null ? {} : { expiresAt: Number(expires) }),
  };
}
