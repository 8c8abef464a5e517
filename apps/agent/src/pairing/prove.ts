import { createHash, createHmac, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { KDF, saltInput } from "@ws/rpc-contract/pairing";
import { WsError } from "@ws/workspace-core";

/** What a proof is made and judged with. */
export interface Prover {
  /** Of a code and what both sides saw. Costs a fifth of a second and 32 MiB: one at a time. Throws `too_many_requests`. */
  keyOf(code: string, seen: Seen): Promise<Uint8Array>;
}

/** The nonces as base64url, and the pin of the certificate on the connection. */
export interface Seen {
  serverNonce: string;
  clientNonce: string;
  pin: string;
}

type Derive = (code: string, salt: Uint8Array) => Promise<Uint8Array>;

/** More than the one that is under way; strangers ask for this. */
const WAITING = 4;

export function createProver(derive: Derive = slowly): Prover {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    async keyOf(code, { serverNonce, clientNonce, pin }) {
      if (waiting > WAITING) {
        throw new WsError("too_many_requests", {
          message: "Too many devices pair at once.",
          next: "Try again in a few seconds.",
          data: { retryAfterSeconds: 2 },
        });
      }
      waiting += 1;
      const input = saltInput(Buffer.from(serverNonce, "base64url"), Buffer.from(clientNonce, "base64url"), pin);
      const salt = createHash("sha256").update(input).digest();
      const key = last.then(() => derive(code, salt));
      last = key.catch(() => undefined);
      try {
        return await key;
      } finally {
        waiting -= 1;
      }
    },
  };
}

export function proofOf(key: Uint8Array, message: Uint8Array): string {
  return createHmac("sha256", key).update(message).digest("base64url");
}

/** In a time that tells nothing of where they differ. */
export function isProof(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const scrypted = promisify<string, Uint8Array, number, object, Buffer>(scrypt);
const { N, r, p, dkLen } = KDF;

/** On a thread of its own. It needs a little more memory than Node allows by itself. */
const slowly: Derive = (code, salt) => scrypted(code, salt, dkLen, { N, r, p, maxmem: 256 * N * r });
