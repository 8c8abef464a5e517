import { timeLimit, type Clock } from "@ws/workspace-core";
import webPush from "web-push";
import type { Subscription } from "./subscriptions.ts";
import type { VapidKeys } from "./vapid.ts";

/** What became of a message: its service has it, knows the browser no more, or did not take it, with its status where it answered. */
export type Sent = { kind: "taken" } | { kind: "gone" } | { kind: "refused"; status?: number };

export interface SendOptions {
  vapid: VapidKeys;
  /** Where the service may write to about this sender: an address of e-mail or of a page. */
  contact: string;
  /** How long the service keeps it for a browser that is away. */
  ttlSeconds: number;
  /** A later message of the same topic takes the place of one that was not fetched yet. */
  topic: string;
  urgent: boolean;
  fetch: typeof fetch;
  clock: Clock;
  signal: AbortSignal;
}

const PATIENCE_MS = 10_000;

/** Encrypts a message for one browser and gives it to that browser's push service (RFC 8030, 8188, 8291, 8292). */
export async function send(subscription: Subscription, message: object, options: SendOptions): Promise<Sent> {
  const { vapid, contact, ttlSeconds, topic, urgent, clock, signal } = options;
  using limit = timeLimit(clock, PATIENCE_MS);
  try {
    const { endpoint, method, headers, body } = webPush.generateRequestDetails(subscription, JSON.stringify(message), {
      vapidDetails: { subject: contact, ...vapid },
      TTL: ttlSeconds,
      topic,
      urgency: urgent ? "high" : "normal",
    });
    const answer = await options.fetch(endpoint, {
      method,
      headers,
      body: new Uint8Array(body),
      // It was judged where it leads; another place was not.
      redirect: "error",
      signal: AbortSignal.any([signal, limit.signal]),
    });
    await answer.body?.cancel();
    if (answer.ok) return { kind: "taken" };
    return answer.status === 404 || answer.status === 410
      ? { kind: "gone" }
      : { kind: "refused", status: answer.status };
  } catch {
    return { kind: "refused" };
  }
}
