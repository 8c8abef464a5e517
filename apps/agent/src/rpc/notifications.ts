import { ECDH } from "node:crypto";
import { WsError } from "@ws/workspace-core";
import { PAIRED_IDLE_MS } from "../access/browser-life.ts";
import type { Caller } from "../access/caller.ts";
import { demandPushService } from "../notifications/push-service.ts";
import type { RequestContext, Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

/** Each caller's own browsers and nobody else's. */
export function notificationsRouter(
  guard: Guarded,
  { state: { subscriptions, tokens }, notifications, config }: Services,
) {
  const os = guard.notifications;

  /** The caller's subscription at this address; another's is as good as none. */
  function own(endpoint: string, { caller }: RequestContext) {
    const found = subscriptions.get(endpoint);
    return found !== undefined && found.token === caller?.token?.id ? found : undefined;
  }

  return os.router({
    key: os.key.handler(() => ({ publicKey: notifications.publicKey() })),
    show: os.show.handler(({ input: { endpoint }, context }) => {
      const found = own(endpoint, context);
      return found === undefined ? {} : { kinds: [...found.kinds] };
    }),
    subscribe: os.subscribe.handler(({ input: { endpoint, keys, kinds }, context }) => {
      demandPushService(endpoint, config.get("notifications.services"));
      demandPoint(keys.p256dh);
      const { caller, host = "" } = context;
      const token = tokenOf(caller);
      subscriptions.put({ endpoint, token, keys, kinds: [...new Set(kinds)], host });
      // What is told ends with its sign-in: that lasts as long as a paired browser's, over nights and week-ends.
      tokens.change(token, { idleMs: PAIRED_IDLE_MS });
      return { kinds };
    }),
    unsubscribe: os.unsubscribe.handler(({ input: { endpoint }, context }) => {
      if (own(endpoint, context) !== undefined) subscriptions.remove(endpoint);
      return {};
    }),
    look: os.look.handler(({ input: { here }, context: { caller } }) => {
      // Who may only read could not answer.
      if (caller?.token !== undefined && caller.scope !== "read") notifications.look(caller.token.id, here);
      return { told: subscriptions.live().length > 0 };
    }),
    test: os.test.handler(async ({ input: { endpoint }, context }) => {
      if (own(endpoint, context) === undefined) {
        throw new WsError("browser_unknown", {
          message: "This browser is told nothing.",
          next: "Turn its notifications on first.",
          data: { host: new URL(endpoint).host },
        });
      }
      await notifications.test(endpoint);
      return {};
    }),
  });
}

/** Any 65 bytes look like a key; nothing can be encrypted for one that is no point of the curve. */
function demandPoint(p256dh: string): void {
  try {
    ECDH.convertKey(p256dh, "prime256v1", "base64url");
  } catch {
    throw new WsError("invalid_input", {
      message: "The key of this subscription is no key of the curve P-256.",
      next: "Turn the notifications off and on again in this browser.",
      data: { field: "keys.p256dh" },
    });
  }
}

/** What is told ends with it. */
function tokenOf(caller: Caller | undefined): string {
  if (caller?.token !== undefined) return caller.token.id;
  throw new WsError("invalid_input", {
    message: "Only a browser that has signed in can be told.",
    next: "Open the dashboard of this worker itself in the browser.",
    data: { field: "endpoint" },
  });
}
