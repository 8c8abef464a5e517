import { hmac } from "@noble/hashes/hmac.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { AgentClient } from "../client.ts";
import type { DeviceInput, PairingWorker } from "../pairing.ts";
import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { deviceMessage, KDF, NONCE_BYTES, saltInput, workerMessage, type PairedAs } from "./transcript.ts";

export interface PairDeviceOptions {
  /** Without a token. */
  client: { pairing: Called<Pick<AgentClient["pairing"], "begin" | "finish">> };
  /** As `parsePairingCode` returns it. */
  code: string;
  device: DeviceInput;
  /**
   * The pin of the certificate that this side sees, empty without TLS. Undefined where somebody else has made sure whose it
   * is, as a browser or a public authority has: then the worker may have another one behind a proxy, and says which.
   */
  pin: string | undefined;
}

/** As they are called here: with their input alone. */
type Called<T> = {
  [K in keyof T]: T[K] extends (input: infer I, ...rest: never[]) => infer R ? (input: I) => R : never;
};

export interface PairedDevice {
  token: string;
  /** The device's id at the worker, and what it is called there. */
  device: string;
  name: string;
  scope: PairedAs["scope"];
  worker: PairingWorker;
}

/** The other side does not know the code: it is not the worker that printed it. */
export class WorkerNotProven extends Error {
  override readonly name = "WorkerNotProven";
}

/**
 * Makes this device known to a worker by a code that was read there. The code does not leave this device: each side proves
 * that it knows it, for this connection only. Rejects with the worker's refusal, or `WorkerNotProven`; then nothing that it
 * answered may be kept.
 */
export async function pairDevice({ client, code, device, pin }: PairDeviceOptions): Promise<PairedDevice> {
  // Not `crypto.subtle`, which a page has only where it came by TLS or from this machine.
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const begun = await client.pairing.begin({ nonce: toBase64Url(nonce) });
  const bound = pin ?? begun.pin;
  const salt = sha256(saltInput(fromBase64Url(begun.nonce), nonce, bound));
  const key = await scryptAsync(code, salt, KDF);
  const prove = (message: Uint8Array): Uint8Array => hmac(sha256, key, message);
  const { session } = begun;
  const proof = toBase64Url(prove(deviceMessage(session, device)));
  const done = await client.pairing.finish({ session, proof, device });
  if (!isSame(fromBase64Url(done.proof), prove(workerMessage(session, done)))) {
    throw new WorkerNotProven("The other side accepted the code without knowing it.");
  }
  return { token: done.token, device: done.device, name: done.name, scope: done.scope, worker: begun.worker };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.reduce((seen, byte, at) => seen | (byte ^ (other[at] ?? 0)), 0) === 0;
}
