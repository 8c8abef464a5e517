import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { NotificationKind } from "@ws/rpc-contract";
import type { Insist } from "../store/insist.ts";
import type { Tokens } from "../store/tokens.ts";

/** A browser that is told what waits. */
export interface Subscription {
  endpoint: string;
  /** The id of the token that it subscribed with. */
  token: string;
  keys: { p256dh: string; auth: string };
  kinds: readonly NotificationKind[];
  /** What it called this agent when it subscribed. */
  host: string;
}

export interface Subscriptions {
  /** Of those whose token is good now. */
  live(): Subscription[];
  get(endpoint: string): Subscription | undefined;
  /** In place of the one before at its address; of one token the last ten stay. */
  put(subscription: Subscription): void;
  remove(endpoint: string): void;
}

/** One browser has one; a token that was pasted into several has some. */
const MOST_OF_A_TOKEN = 10;

export function createSubscriptions(
  db: DatabaseSync,
  { tokens, insist }: { tokens: Pick<Tokens, "get">; insist: Insist },
): Subscriptions {
  const all = db.prepare("SELECT * FROM notification_subscriptions");
  const get = db.prepare("SELECT * FROM notification_subscriptions WHERE endpoint = ?");
  const put = db.prepare(
    "INSERT OR REPLACE INTO notification_subscriptions (endpoint, token, p256dh, auth, kinds, host) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const trim = db.prepare(
    `DELETE FROM notification_subscriptions WHERE token = ?1 AND rowid NOT IN
       (SELECT rowid FROM notification_subscriptions WHERE token = ?1 ORDER BY rowid DESC LIMIT ${MOST_OF_A_TOKEN})`,
  );
  const remove = db.prepare("DELETE FROM notification_subscriptions WHERE endpoint = ?");
  // A token's id is never another's: a row that is left tells nobody anything.
  const sweep = db.prepare("DELETE FROM notification_subscriptions WHERE token NOT IN (SELECT id FROM tokens)");
  return {
    live: () =>
      all
        .all()
        .map(subscriptionOf)
        .filter(({ token }) => tokens.get(token) !== undefined),
    get(endpoint) {
      const row = get.get(endpoint);
      return row === undefined ? undefined : subscriptionOf(row);
    },
    put({ endpoint, token, keys: { p256dh, auth }, kinds, host }) {
      insist(() => {
        sweep.run();
        put.run(endpoint, token, p256dh, auth, kinds.join(" "), host);
        trim.run(token);
      });
    },
    remove: (endpoint) => insist(() => void remove.run(endpoint)),
  };
}

function subscriptionOf(row: Record<string, SQLOutputValue>): Subscription {
  return {
    endpoint: String(row["endpoint"]),
    token: String(row["token"]),
    keys: { p256dh: String(row["p256dh"]), auth: String(row["auth"]) },
    // Written by `put` only.
    kinds: String(row["kinds"]).split(" ") as NotificationKind[],
    host: String(row["host"]),
  };
}
