import { z } from "zod";
import { procedure } from "./errors.ts";

const endpoint = z
  .url({ protocol: /^https$/ })
  .max(2_048)
  .describe("The address that the browser's push service gave it");

const kind = z
  .enum(["asks", "failed", "finished"])
  .describe("asks: a task needs somebody, for an answer, a sign-in or a limit; failed, finished: a task is over");
export type NotificationKind = z.infer<typeof kind>;

const subscribed = z.object({ kinds: z.array(kind).optional().describe("Absent where this browser is told nothing") });

/** Telling a browser what waits for its user while no page of the dashboard is open in it (Web Push, RFC 8030, 8291 and 8292). */
export const notifications = {
  key: procedure
    .route({
      method: "GET",
      path: "/notifications/key",
      summary: "Get the worker's push key",
      description: "The key by which a push service knows this worker: a browser subscribes with it.",
    })
    .output(z.object({ publicKey: z.string().describe("P-256, uncompressed, in base64url") })),
  show: procedure
    .route({
      method: "POST",
      path: "/notifications/show",
      summary: "Show what a browser is told",
      description: "Of the caller's own subscription at this address.",
    })
    .input(z.strictObject({ endpoint }))
    .output(subscribed),
  subscribe: procedure
    .route({
      method: "PUT",
      path: "/notifications/subscription",
      summary: "Tell a browser what waits",
      description:
        "Until it unsubscribes or the token that it calls with ends. What is sent is readable in that browser only; of push services the known ones are used, and those of notifications.services.",
    })
    .input(
      z.strictObject({
        endpoint,
        keys: z.strictObject({
          p256dh: z.string().regex(/^[\w-]{87}=?$/, "must be an uncompressed P-256 key in base64url"),
          auth: z.string().regex(/^[\w-]{22}={0,2}$/, "must be 16 bytes in base64url"),
        }),
        kinds: z.array(kind).min(1).max(3),
      }),
    )
    .output(subscribed),
  unsubscribe: procedure
    .route({
      method: "POST",
      path: "/notifications/unsubscribe",
      summary: "Tell a browser nothing more",
      description: "One that is told nothing is left as it is.",
    })
    .input(z.strictObject({ endpoint }))
    .output(subscribed),
  look: procedure
    .route({
      method: "POST",
      path: "/notifications/look",
      summary: "Say that the dashboard is looked at",
      description:
        "For the next minute browsers are told nothing that can be seen there; a page says so at most every half a minute, and when it is out of sight.",
    })
    .input(z.strictObject({ here: z.boolean().describe("False once nobody looks any more") }))
    .output(
      z.object({
        told: z.boolean().describe("Whether any browser is told anything: where none is, nobody has to know"),
      }),
    ),
  test: procedure
    .route({
      method: "POST",
      path: "/notifications/test",
      summary: "Send a browser a first message",
      description: "Answers once its push service has taken it.",
    })
    .input(z.strictObject({ endpoint }))
    .output(z.object({})),
};
