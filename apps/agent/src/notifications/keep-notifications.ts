import { createHash } from "node:crypto";
import {
  WsError,
  type Clock,
  type Log,
  type TaskRecord,
  type Tasks,
  type WorkspaceId,
  type Workspaces,
} from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { contactOf } from "./contact.ts";
import { createLooks } from "./looks.ts";
import { ASKING, newsOf, type News } from "./news.ts";
import { createRetractions, type Retraction } from "./retractions.ts";
import type { Sent } from "./send.ts";
import type { Subscriptions } from "./subscriptions.ts";
import { makeVapidKeys, type VapidKeys } from "./vapid.ts";

/** Tells browsers what waits for their users, while no page of the dashboard tells them. */
export interface Notifications {
  /** By which push services know this worker; made when it is first asked for. */
  publicKey(): string;
  /** Sends a first message. Throws `browser_unknown` where nothing is told there, `notification_refused`. */
  test(endpoint: string): Promise<void>;
  /** A page of the dashboard is used by this caller now, or out of sight. */
  look(caller: string, here: boolean): void;
}

export interface NotificationsOptions {
  tasks: () => Promise<Pick<Tasks, "changes" | "get" | "list">>;
  workspaces: () => Promise<Pick<Workspaces, "find">>;
  subscriptions: Subscriptions;
  config: Pick<Config, "get" | "secrets">;
  /** Takes secrets out of what tasks say: the worker's own, and those of the workspace. */
  clean: (text: string, workspace: WorkspaceId) => string;
  fetch: typeof fetch;
  clock: Clock;
  log: Log;
  /** The agent's own end. */
  closing: AbortSignal;
}

type Message = News | Retraction["message"];

/** Whoever looks at the dashboard answers within it, and is not told twice. */
export const PATIENCE_MS = 20_000;
/** A question is worth a day, news of an end some hours. */
const ASKS_TTL_S = 86_400;
const NEWS_TTL_S = 14_400;
/** Push services take 4 KB, of which the encryption has some. */
const MOST_CHARACTERS = 300;
/** What is older was told by an agent before. */
const LOOK_BACK_MS = 600_000;
/** Of one task at once: each is encrypted, and goes out on a connection of its own. */
const MOST_AT_ONCE = 8;
/** A push service that answers so will never take it: a key, an address or a sender that is not the subscription's. */
const OWN_REFUSALS: ReadonlySet<number> = new Set([400, 403]);
const MOST_REFUSALS = 5;
const VAPID = "notifications.vapid";

export function keepNotifications(options: NotificationsOptions): Notifications {
  const { subscriptions, config, clean, fetch, clock, log, closing } = options;
  const looks = createLooks(clock);
  const retractions = createRetractions();
  /** How often in a row a push service did not take a subscription as it is, by its address. */
  const refusals = new Map<string, number>();

  async function follow(): Promise<void> {
    const tasks = await options.tasks();
    // What was asked shortly before the agent's end was perhaps told to nobody; where it was, this takes its place.
    for (const record of tasks.list({ statuses: ASKING })) {
      if (record.changedAt > clock.now() - LOOK_BACK_MS) begin(tasks, record);
    }
    for await (const record of tasks.changes(closing)) {
      for (const { endpoint, message } of retractions.over(record)) {
        void transmit(endpoint, message).catch(() => undefined);
      }
      begin(tasks, record);
    }
  }

  function begin(tasks: Pick<Tasks, "get">, record: TaskRecord): void {
    if (subscriptions.live().length === 0 || newsOf(record, undefined) === undefined) return;
    void tell(tasks, record).catch((error: unknown) => {
      if (!closing.aborted) log.warn("a task's news did not reach a browser", { error });
    });
  }

  async function tell(tasks: Pick<Tasks, "get">, { id, status, attempt, changedAt }: TaskRecord): Promise<void> {
    const wasSeen = looks.left() > 0;
    await clock.sleep(PATIENCE_MS, closing);
    let record = tasks.get(id);
    // Answered meanwhile, or something else by now, which tells of itself.
    const isOther = () => record.status !== status || record.attempt !== attempt || record.changedAt !== changedAt;
    if (isOther()) return;
    // What is over was seen by whoever was there when it ended, or came soon after; what still waits may wait longer than they stay.
    const isSeen = wasSeen || looks.last() >= changedAt;
    if (isSeen && newsOf(record, undefined)?.kind !== "asks") return;
    for (let left = looks.left(); left > 0; left = looks.left()) {
      await clock.sleep(left, closing);
      record = tasks.get(id);
      if (isOther()) return;
    }
    const name = (await options.workspaces()).find(record.workspace)?.name;
    const raw = newsOf(record, name);
    if (raw === undefined) return;
    const news = cleaned(raw, record.workspace);
    const wanted = subscriptions.live().filter(({ kinds }) => kinds.includes(news.kind));
    await eachOf(wanted, async ({ endpoint }) => {
      const sent = await transmit(endpoint, news);
      if (sent.kind === "taken" && news.kind === "asks") retractions.told(record, endpoint, news);
    });
    // Answered while it was on its way.
    record = tasks.get(id);
    if (isOther()) {
      for (const { endpoint, message } of retractions.over(record)) await transmit(endpoint, message);
    }
  }

  /** Without secrets, and not too long; an answer that would be another without them cannot be given by a press. */
  function cleaned({ title, body, asks, ...news }: News, workspace: WorkspaceId): News {
    const without = (text: string) => clean(text, workspace);
    const isWhole = asks?.options.every((option) => without(option) === option) === true;
    return { ...news, title: short(without(title)), body: short(without(body)), ...(isWhole && { asks }) };
  }

  async function transmit(endpoint: string, { kind, ...message }: Message): Promise<Sent> {
    const subscription = subscriptions.live().find((live) => live.endpoint === endpoint);
    if (subscription === undefined) return { kind: "gone" };
    // Loaded with the first message: most workers send none.
    const { send } = await import("./send.ts");
    const sent = await send(subscription, message, {
      vapid: vapidKeys(),
      contact: contactOf({ chosen: config.get("notifications.contact"), host: subscription.host }),
      ttlSeconds: kind === "asks" ? ASKS_TTL_S : NEWS_TTL_S,
      // At most 32 characters of base64url.
      topic: createHash("sha256").update(message.tag).digest("base64url").slice(0, 32),
      urgent: kind === "asks",
      fetch,
      clock,
      signal: closing,
    });
    const isRefused = sent.kind === "refused" && OWN_REFUSALS.has(sent.status ?? 0);
    const count = isRefused ? (refusals.get(endpoint) ?? 0) + 1 : 0;
    refusals.delete(endpoint);
    if (count > 0 && count < MOST_REFUSALS) refusals.set(endpoint, count);
    if (sent.kind === "gone" || count === MOST_REFUSALS) subscriptions.remove(endpoint);
    // The address itself is a right to be written to: only its host is told.
    if (sent.kind === "refused") log.warn("a push service refused", { host: new URL(endpoint).host, ...sent });
    return sent;
  }

  function vapidKeys(): VapidKeys {
    const kept = config.secrets.setting(VAPID);
    if (kept !== undefined) return JSON.parse(kept) as VapidKeys;
    const made = makeVapidKeys();
    config.secrets.setSetting(VAPID, JSON.stringify(made));
    return made;
  }

  follow().catch((error: unknown) => {
    if (!closing.aborted) log.warn("tasks are not followed for browsers that are told", { error });
  });

  return {
    publicKey: () => vapidKeys().publicKey,
    look: looks.look,
    async test(endpoint) {
      const sent = await transmit(endpoint, {
        kind: "finished",
        tag: "test",
        title: "Workspace tells you here",
        body: "This is what it looks like when something waits for you.",
        path: "/inbox",
      });
      if (sent.kind === "taken") return;
      const { host } = new URL(endpoint);
      if (sent.kind === "gone") {
        throw new WsError("browser_unknown", {
          data: { host },
          message: `${host} does not know this browser any more.`,
          next: "Turn the notifications off and on again in this browser.",
        });
      }
      throw new WsError("notification_refused", {
        data: { host, ...(sent.status !== undefined && { status: sent.status }) },
        message: `${host} did not take the message${sent.status === undefined ? "" : ` (status ${sent.status})`}.`,
        next: "Look whether the worker reaches the internet, then try again; notifications.contact may have to be an address of yours.",
      });
    },
  };
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, worker));
}

function short(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
