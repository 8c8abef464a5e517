import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { deviceInfo, deviceKind, deviceName, devicePlatform, sshKey } from "./devices.ts";
import { procedure } from "./errors.ts";

const id = z.string().min(1).max(64);
const bytes16 = z.string().regex(/^[\w-]{22}$/, "must be 16 bytes in base64url");
const bytes32 = z.string().regex(/^[\w-]{43}$/, "must be 32 bytes in base64url");
const scope = z.enum(["read", "write", "admin"]);

const pairingWorker = z.object({ id: z.string(), name: z.string().describe("Its host name"), version: z.string() });
/** A worker, as it tells of itself before it knows who asks. */
export type PairingWorker = z.infer<typeof pairingWorker>;

const deviceInput = z.strictObject({
  name: deviceName.describe("What it would like to be called; with a number where another device is"),
  kind: deviceKind,
  platform: devicePlatform.describe("Such as linux, or Firefox on Android"),
  sshKey: sshKey.exactOptional(),
});
/** A device, as it tells of itself. */
export type DeviceInput = z.infer<typeof deviceInput>;

export const pairingEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("refused"),
    peer: z.string().describe("The address it came from"),
    left: z.number().describe("How many more wrong codes are borne"),
  }),
  z.object({ type: z.literal("paired"), device: deviceInfo }),
  z.object({ type: z.literal("ended"), why: z.enum(["expired", "closed", "replaced", "guessed"]) }),
]);
export type PairingEvent = z.infer<typeof pairingEvent>;

/** How another device comes to a token of its own: by a code that is read on the worker and never sent. */
export const pairing = {
  open: procedure
    .route({
      method: "POST",
      path: "/pairing",
      summary: "Let one device pair",
      description: "A code for one device, for ten minutes. It takes the place of one that is open.",
    })
    .input(
      z.strictObject({
        scope: scope.optional().describe("What the device may do; admin where absent"),
        attended: z
          .boolean()
          .optional()
          .describe("Closes the code once nobody has watched it for 15 seconds, as after a browser that died"),
      }),
    )
    .output(
      z.object({
        id,
        code: z.string(),
        expires: z.string(),
        scope,
        link: z.string().describe("Opened in a browser it pairs that; the code stands in its fragment"),
        reach: z.enum(["machine", "network"]).describe("From where the link leads here"),
        pin: z.string().optional().describe("Of the certificate that other devices are shown; absent without TLS"),
      }),
    ),
  close: procedure
    .route({
      method: "DELETE",
      path: "/pairing/{id}",
      summary: "Let no device pair any more",
      description: "The code is no good from now on. Closing one that is closed is success.",
    })
    .input(z.strictObject({ id }))
    .output(z.object({ success: z.boolean() })),
  watch: procedure
    .route({
      method: "GET",
      path: "/pairing/{id}/events",
      summary: "Watch a pairing",
      description: "Who tried, and at last who paired, or why nobody can any more.",
    })
    .input(z.strictObject({ id }))
    .output(eventIterator(pairingEvent)),
  begin: procedure
    .route({
      method: "POST",
      path: "/pairing/begin",
      summary: "Begin to pair",
      description: "Exchanges the values that both sides' proofs are made for. Needs no token, and an open code.",
    })
    .input(z.strictObject({ nonce: bytes16 }))
    .output(
      z.object({
        session: id,
        nonce: bytes16,
        pin: z.string().describe("Of the certificate on this connection, as the worker sees it; empty without TLS"),
        worker: pairingWorker,
      }),
    ),
  finish: procedure
    .route({
      method: "POST",
      path: "/pairing/finish",
      summary: "Pair",
      description: "Takes the device's proof that it knows the code, and answers with a token and the worker's proof.",
    })
    .input(z.strictObject({ session: id, proof: bytes32, device: deviceInput }))
    .output(
      z.object({
        token: z.string(),
        device: z.string().describe("Its id"),
        name: z.string().describe("What it is called from now on"),
        scope,
        proof: bytes32,
      }),
    ),
};
