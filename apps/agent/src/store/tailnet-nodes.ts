import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "@ws/workspace-core";
import { isFull } from "./disk-full.ts";
import type { Insist } from "./insist.ts";

/** A machine of the tailnet that was let in without a token. */
export interface TailnetNode {
  /** `tailnet-` and its stable id in the tailnet. */
  id: string;
  /** What it is called here; the tailnet's name for it where nobody has said otherwise. */
  name: string;
  /** Whose it is. */
  login: string;
  createdAt: number;
  lastUsedAt: number;
}

/** Who came over the tailnet, and who of them is not to come so again. */
export interface TailnetNodes {
  /** Notes that a node comes, under `freeName` where it is new. False for one that was revoked. */
  admit(node: { id: string; login: string }, freeName: () => string): boolean;
  /** Without those that were revoked. */
  list(): TailnetNode[];
  rename(id: string, name: string): void;
  /** It needs a token from now on. */
  deny(id: string): void;
}

/** Writing it for every connection would be a disk write for each. */
const USE_GRANULARITY_MS = 60_000;

export function createTailnetNodes(
  db: DatabaseSync,
  clock: Pick<Clock, "now">,
  insist: Insist = (work) => work(),
): TailnetNodes {
  const find = db.prepare("SELECT * FROM tailnet_nodes WHERE id = ?");
  const insert = db.prepare(
    "INSERT INTO tailnet_nodes (id, name, login, created_at, last_used_at) VALUES (?, ?, ?, ?, ?)",
  );
  const use = db.prepare("UPDATE tailnet_nodes SET login = ?, last_used_at = ? WHERE id = ?");
  const list = db.prepare("SELECT * FROM tailnet_nodes WHERE denied = 0 ORDER BY created_at");
  const rename = db.prepare("UPDATE tailnet_nodes SET name = ? WHERE id = ?");
  const deny = db.prepare("UPDATE tailnet_nodes SET denied = 1 WHERE id = ?");

  /** A full disk locks nobody out. */
  function note(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }

  return {
    admit({ id, login }, freeName) {
      const now = clock.now();
      const row = find.get(id);
      if (row === undefined) note(() => void insert.run(id, freeName(), login, now, now));
      else if (row["denied"] === 1) return false;
      else if (row["login"] !== login || now - Number(row["last_used_at"]) >= USE_GRANULARITY_MS) {
        note(() => void use.run(login, now, id));
      }
      return true;
    },
    list: () =>
      list.all().map((row) => ({
        id: String(row["id"]),
        name: String(row["name"]),
        login: String(row["login"]),
        createdAt: Number(row["created_at"]),
        lastUsedAt: Number(row["last_used_at"]),
      })),
    rename: (id, name) => insist(() => void rename.run(name, id)),
    deny: (id) => insist(() => void deny.run(id)),
  };
}
