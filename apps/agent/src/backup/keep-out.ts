import { existsSync } from "node:fs";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { DatabaseSync as Database } from "node:sqlite";
import { transact } from "../store/database.ts";

/** Who may use the worker with what a state has. */
export interface LetIn {
  name: string;
  kind: "token" | "device" | "tailnet";
  /** Of a machine of the tailnet: whose it is. */
  scope: string;
}

export interface KeptOut {
  /** Whether the state that is replaced could be asked who was revoked. */
  compared: boolean;
  /** Names of tokens and devices that the backup has, and that were revoked or ended since. */
  leftOut: string[];
  /** Names of those that were good until now, and that the backup does not have. */
  shutOut: string[];
  letIn: LetIn[];
}

type Row = Record<string, SQLInputValue>;

/** What the state that is replaced says of who may come. */
interface Replaced {
  instance: unknown;
  tokens: ReadonlyMap<unknown, Row>;
  ended: readonly Row[];
  denied: readonly Row[];
  sshKeys: readonly Row[] | undefined;
  grants: ReadonlyMap<unknown, Row>;
}

/**
 * Takes out of a state that is to come whom the one that it replaces has revoked since: a backup is older than that. Of the same worker's, only
 * who has a token there keeps one, with the name and the key that it has now, and a workspace's grant is as it is there. One-time links are gone, too.
 */
export function keepOut(coming: DatabaseSync, replacedPath: string, now: number): KeptOut {
  const replaced = readReplaced(replacedPath);
  const leftOut = transact(coming, () => {
    coming.exec("DELETE FROM codes");
    return replaced === undefined ? [] : leaveOut(coming, replaced, now);
  });
  const shutOut = replaced === undefined ? [] : shutOutBy(coming, replaced, now);
  return { compared: replaced !== undefined, leftOut, shutOut, letIn: letInBy(coming, now) };
}

/** Undefined where there is none, or none that can be read. */
function readReplaced(path: string): Replaced | undefined {
  if (!existsSync(path)) return undefined;
  let db: DatabaseSync | undefined;
  try {
    // Not read-only: what an agent that was killed wrote last is still in the log beside it.
    db = new Database(path);
    const tokens = rows(db, "tokens") ?? [];
    return {
      instance: instanceOf(db),
      tokens: new Map(tokens.map((row) => [row["id"], row])),
      ended: rows(db, "ended_tokens") ?? [],
      denied: (rows(db, "tailnet_nodes") ?? []).filter((row) => row["denied"] === 1),
      sshKeys: rows(db, "ssh_keys"),
      grants: new Map((rows(db, "grants") ?? []).map((row) => [row["id"], row])),
    };
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
}

/** Undefined where an earlier version had no such table. */
function rows(db: DatabaseSync, table: string): Row[] | undefined {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table);
  return known === undefined ? undefined : db.prepare(`SELECT * FROM ${table}`).all();
}

function instanceOf(db: DatabaseSync): unknown {
  return db.prepare("SELECT value FROM meta WHERE key = 'instance'").get()?.["value"];
}

function leaveOut(coming: DatabaseSync, replaced: Replaced, now: number): string[] {
  const isSame = replaced.instance !== undefined && replaced.instance === instanceOf(coming);
  const ended = new Set(replaced.ended.map(({ hash }) => hex(hash)));
  const leftOut: string[] = [];
  const remember = coming.prepare(
    "INSERT OR REPLACE INTO ended_tokens (hash, why, ended_at, withdrawn) VALUES (?, ?, ?, ?)",
  );
  const remove = coming.prepare("DELETE FROM tokens WHERE id = ?");
  for (const row of rows(coming, "tokens") ?? []) {
    const { id = null, hash = null, name = "" } = row;
    const kept = isSame ? replaced.tokens.get(id) : row;
    if (kept !== undefined && !ended.has(hex(hash))) {
      if (kept !== row) keep(coming, kept);
      continue;
    }
    remove.run(id);
    // What it asked for, and has not begun, does not begin.
    remember.run(hash, "revoked", now, id);
    leftOut.push(name as string);
  }
  for (const { hash = null, why = null, ended_at: at = null, withdrawn = null } of replaced.ended) {
    remember.run(hash, why, at, withdrawn);
  }
  coming.exec("DELETE FROM workers WHERE token NOT IN (SELECT id FROM tokens)");
  const deny = coming.prepare(
    `INSERT INTO tailnet_nodes (id, name, login, created_at, last_used_at, denied) VALUES (?, ?, ?, ?, ?, 1)
     ON CONFLICT (id) DO UPDATE SET denied = 1`,
  );
  for (const {
    id = null,
    name = null,
    login = null,
    created_at: created = null,
    last_used_at: used = null,
  } of replaced.denied) {
    deny.run(id, name, login, created, used);
  }
  if (isSame) endGrants(coming, replaced.grants);
  if (isSame && replaced.sshKeys !== undefined) {
    coming.exec("DELETE FROM ssh_keys");
    const insert = coming.prepare("INSERT INTO ssh_keys (owner, key) VALUES (?, ?)");
    for (const { owner = null, key = null } of replaced.sshKeys) insert.run(owner, key);
  }
  return leftOut;
}

/** One that is not there any more ended long ago. */
function endGrants(coming: DatabaseSync, now: Replaced["grants"]): void {
  const remove = coming.prepare("DELETE FROM grants WHERE id = ?");
  const change = coming.prepare("UPDATE grants SET ended_at = ?, content = ? WHERE id = ?");
  for (const { id = null } of rows(coming, "grants") ?? []) {
    const { ended_at: ended = null, content = null } = now.get(id) ?? {};
    if (content === null) remove.run(id);
    else change.run(ended, content, id);
  }
}

/** A token that both have is as it is now: its name, its device's key, its end. */
function keep(
  coming: DatabaseSync,
  { id = null, name = null, device, expires_at: expires, last_used_at: used }: Row,
): void {
  coming.prepare("UPDATE tokens SET name = ? WHERE id = ?").run(name, id);
  for (const [column, value] of Object.entries({ device, expires_at: expires, last_used_at: used })) {
    if (value !== undefined) coming.prepare(`UPDATE tokens SET ${column} = ? WHERE id = ?`).run(value, id);
  }
}

function shutOutBy(coming: DatabaseSync, { tokens }: Replaced, now: number): string[] {
  const known = coming.prepare("SELECT 1 FROM tokens WHERE id = ?");
  const isGood = ({ expires_at: end = null }: Row): boolean => end === null || Number(end) > now;
  const gone = [...tokens.values()].filter((row) => isGood(row) && known.get(row["id"] ?? null) === undefined);
  return gone.map(({ name }) => name as string);
}

function letInBy(coming: DatabaseSync, now: number): LetIn[] {
  const tokens = coming
    .prepare(
      "SELECT name, scope, device FROM tokens WHERE expires_at IS NULL OR expires_at > ? ORDER BY created_at, id",
    )
    .all(now);
  const nodes = coming.prepare("SELECT name, login FROM tailnet_nodes WHERE denied = 0 ORDER BY created_at").all();
  return [
    ...tokens.map(({ name, scope, device }) => ({
      name: String(name),
      kind: device === null ? ("token" as const) : ("device" as const),
      scope: String(scope),
    })),
    ...nodes.map(({ name, login }) => ({ name: String(name), kind: "tailnet" as const, scope: String(login) })),
  ];
}

function hex(hash: SQLInputValue | undefined): string {
  return hash instanceof Uint8Array ? Buffer.from(hash).toString("hex") : "";
}
