import type { DeviceInput } from "../pairing.ts";

/**
 * What a key is made of the code with. It is agreed here and not on the wire, so that nobody in between can ask for a weaker
 * one and guess the code from what it makes of it.
 */
export const KDF = { N: 2 ** 15, r: 8, p: 1, dkLen: 32 } as const;

/** Both sides' nonces have so many bytes. */
export const NONCE_BYTES = 16;

const text = new TextEncoder();

/**
 * What the salt is the SHA-256 of: a fresh value of each side, and the certificate that this side sees on the connection
 * (`pin`, base64url; empty without TLS). Whoever is in between shows another certificate, so both sides have different keys.
 */
export function saltInput(serverNonce: Uint8Array, clientNonce: Uint8Array, pin: string): Uint8Array {
  const end = text.encode(pin);
  const input = new Uint8Array(2 * NONCE_BYTES + end.length);
  input.set(serverNonce.subarray(0, NONCE_BYTES), 0);
  input.set(clientNonce.subarray(0, NONCE_BYTES), NONCE_BYTES);
  input.set(end, 2 * NONCE_BYTES);
  return input;
}

/** What a device proves that it knows the code for: to be added as this. */
export function deviceMessage(session: string, { name, kind, platform, sshKey = "" }: DeviceInput): Uint8Array {
  return text.encode(JSON.stringify(["ws pairing 1 device", session, name, kind, platform, sshKey]));
}

/** What the worker proves that it knows the code for: to be the one that has added it. */
export function workerMessage(session: string, { token, device, scope }: PairedAs): Uint8Array {
  return text.encode(JSON.stringify(["ws pairing 1 worker", session, token, device, scope]));
}

export interface PairedAs {
  token: string;
  /** The device's id. */
  device: string;
  scope: "read" | "write" | "admin";
}
