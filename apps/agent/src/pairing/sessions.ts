import { randomBytes } from "node:crypto";
import { NONCE_BYTES } from "@ws/rpc-contract/pairing";
import { WsError, type Clock } from "@ws/workspace-core";
import type { Seen } from "./prove.ts";

/** A device that has said hello, and not yet what it knows. */
export interface PairingSession extends Seen {
  id: string;
  /** Id of the code that was open then. */
  code: string;
  peer: string;
}

export interface PairingSessions {
  /** Throws `too_many_requests`. */
  begin(hello: { code: string; peer: string; clientNonce: string; pin: string }): PairingSession;
  /** It is gone with that: each is good for one try. */
  take(id: string): PairingSession | undefined;
}

const LIFE_MS = 60_000;
const MOST = 16;
const MOST_OF_PEER = 4;

export function createPairingSessions(clock: Pick<Clock, "monotonic">): PairingSessions {
  /** In the order of their beginning. */
  const begun = new Map<string, PairingSession & { since: number }>();

  function dropOld(): void {
    for (const [id, { since }] of begun) if (clock.monotonic() - since >= LIFE_MS) begun.delete(id);
  }

  return {
    begin(hello) {
      dropOld();
      const own = [...begun.values()].filter(({ peer }) => peer === hello.peer);
      // Who begins again and again pushes out itself, and nobody else.
      if (own.length >= MOST_OF_PEER) begun.delete(own[0]?.id ?? "");
      if (begun.size >= MOST) {
        throw new WsError("too_many_requests", {
          message: "Too many devices pair at once.",
          next: "Try again in a minute.",
          data: { retryAfterSeconds: LIFE_MS / 1_000 },
        });
      }
      const session: PairingSession = {
        ...hello,
        id: randomBytes(NONCE_BYTES).toString("base64url"),
        serverNonce: randomBytes(NONCE_BYTES).toString("base64url"),
      };
      begun.set(session.id, { ...session, since: clock.monotonic() });
      return session;
    },
    take(id) {
      dropOld();
      const session = begun.get(id);
      begun.delete(id);
      return session;
    },
  };
}
