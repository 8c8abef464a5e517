import { z } from "zod";
import { procedure } from "./errors.ts";

export const deviceKind = z.enum(["cli", "browser"]);
export const deviceName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}]+$/u, "must be printable")
  // A device is named by either.
  .regex(/^(?!tok-|tailnet-)/, "must not begin as ids do");
export const devicePlatform = z
  .string()
  .max(100)
  .regex(/^[^\p{C}]*$/u, "must be printable");
export const sshKey = z
  .string()
  .max(8_192)
  .regex(
    /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-[\w@.-]+) [A-Za-z0-9+/]+={0,2}(?: [^\p{C}]*)?$/u,
    "must be one line of an OpenSSH public key",
  )
  .describe("A line of an OpenSSH public key file");
const device = z.string().min(1).max(100).describe("Its id or its name");

export const deviceInfo = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum([...deviceKind.options, "tailnet"]),
  platform: z.string().describe("Of a machine of the tailnet, whose it is"),
  scope: z.string(),
  created: z.string(),
  lastUsed: z.string().optional(),
  lastFrom: z.string().optional().describe("The address it was used from then, as the worker sees it"),
  expires: z.string().optional().describe("Where it ends unless it is used before"),
  sshKey: sshKey.optional(),
  own: z.boolean().describe("Whether this call comes from it"),
});
export type DeviceInfo = z.infer<typeof deviceInfo>;

/** Who was paired or signed in, each with a token of its own, and which machines of the tailnet came without one. A device may do to itself what an administrator may do to all. */
export const devices = {
  list: procedure
    .route({
      method: "GET",
      path: "/devices",
      summary: "List devices",
      description: "All of them to an administrator; a device without that scope sees itself.",
    })
    .output(z.array(deviceInfo)),
  rename: procedure
    .route({
      method: "POST",
      path: "/devices/{device}/rename",
      summary: "Rename a device",
      description: "No two have the same name.",
    })
    .input(z.strictObject({ device, newName: deviceName }))
    .output(deviceInfo),
  revoke: procedure
    .route({
      method: "DELETE",
      path: "/devices/{device}",
      summary: "Revoke a device",
      description: "Its next request is refused, and what it has open is closed within five seconds.",
    })
    .input(z.strictObject({ device }))
    .output(deviceInfo),
  setKey: procedure
    .route({
      method: "POST",
      path: "/devices/{device}/key",
      summary: "Set a device's SSH key",
      description: "The public key by which it is known over SSH; none where it is left out.",
    })
    .input(z.strictObject({ device, sshKey: sshKey.optional() }))
    .output(deviceInfo),
};
