import { randomBytes } from "node:crypto";
import { deviceMessage, workerMessage, type PairedAs } from "@ws/rpc-contract/pairing";
import type { DeviceInput } from "@ws/rpc-contract";
import { createCoalescingFeed, WsError, type Clock } from "@ws/workspace-core";
import type { Throttle } from "../access/throttle.ts";
import { createCode } from "./code.ts";
import { createProver, isProof, proofOf, type Prover } from "./prove.ts";
import { createPairingSessions, type PairingSession } from "./sessions.ts";

type DeviceScope = PairedAs["scope"];

/** A code that one device can pair with. */
export interface OpenPairing {
  id: string;
  /** Without a hyphen. */
  code: string;
  scope: DeviceScope;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** What else ends a pairing before its time. */
interface OpenUntil {
  /** It ends once this says no of whoever opened it. */
  mayStill?: () => boolean;
  /** It ends once nobody has watched it for 15 seconds. */
  attended?: boolean;
}

export type PairingNews =
  | { type: "refused"; peer: string; left: number }
  | { type: "paired"; device: string }
  | { type: "ended"; why: "expired" | "closed" | "replaced" | "guessed" };

/** Where a request comes from: its address, and the pin of the certificate that it was shown (empty without TLS). */
export interface From {
  peer: string;
  pin: string;
}

export interface Pairing {
  /** In place of the one that is open. */
  open(scope: DeviceScope, until?: OpenUntil): OpenPairing;
  close(id: string): void;
  /** Ends with how the pairing ended. */
  watch(id: string, signal: AbortSignal): AsyncGenerator<PairingNews>;
  /** Throws `pairing_failed`, `too_many_requests`. */
  begin(clientNonce: string, from: From): PairingSession;
  /** Throws `pairing_failed`, `too_many_requests`, and what adding the device throws: then the code stays good. */
  finish(
    asked: { session: string; proof: string; device: DeviceInput },
    from: From,
  ): Promise<PairedAs & { proof: string }>;
}

export interface PairingOptions {
  clock: Clock;
  /** Wrong codes count like wrong tokens. */
  throttle: Throttle;
  /** Makes the device known; called once for each code. */
  admit: (device: DeviceInput, scope: DeviceScope) => PairedAs;
  /** Wrong codes ended the pairing; `peer` is where the last one came from. */
  guessed: (peer: string) => void;
  /** Aborts when the agent goes away. */
  closing: AbortSignal;
  prover?: Prover;
}

const LIFE_MS = 10 * 60_000;
const WRONG_BORNE = 5;
/** A watcher whose network failed for a moment comes back sooner. */
const UNATTENDED_MS = 15_000;

/**
 * One code at a time, for ten minutes, one device and at most five wrong ones. It stands nowhere but in memory: an agent that
 * starts anew knows none.
 */
export function createPairing({
  clock,
  throttle,
  admit,
  guessed,
  closing,
  prover = createProver(),
}: PairingOptions): Pairing {
  const sessions = createPairingSessions(clock);
  let current: Current | undefined;
  let last: { id: string; end: PairingNews } | undefined;

  function end(pairing: Current, news: Exclude<PairingNews, { type: "refused" }>): void {
    if (current !== pairing) return;
    current = undefined;
    last = { id: pairing.id, end: news };
    pairing.over.abort();
    pairing.feed.emit(news);
  }

  /** Looked at each time: the clock's sleep may be late, as on a machine that slept, and who opened it may be revoked by now. */
  function open(): Current | undefined {
    if (current !== undefined && clock.monotonic() >= current.until) end(current, { type: "ended", why: "expired" });
    if (current?.mayStill() === false) end(current, { type: "ended", why: "closed" });
    return current;
  }

  /** From the beginning, and whenever the last watcher has gone. */
  function endUnattended(pairing: Current): void {
    if (!pairing.attended || pairing.watchers > 0) return;
    const { watched } = pairing;
    const stop = AbortSignal.any([pairing.over.signal, closing]);
    clock.sleep(UNATTENDED_MS, stop).then(
      () => {
        if (pairing.watched === watched) end(pairing, { type: "ended", why: "closed" });
      },
      () => undefined,
    );
  }

  function refuseThrottled(peer: string): void {
    const retryAfterSeconds = throttle.wait(peer);
    if (retryAfterSeconds === 0) return;
    throw new WsError("too_many_requests", {
      message: "Too many wrong codes or tokens came from this address.",
      next: `Try again in ${retryAfterSeconds} seconds.`,
      data: { retryAfterSeconds },
    });
  }

  function refuseProof(pairing: Current, peer: string): void {
    throttle.fail(peer);
    pairing.left -= 1;
    pairing.feed.emit({ type: "refused", peer, left: pairing.left });
    if (pairing.left > 0) return;
    end(pairing, { type: "ended", why: "guessed" });
    guessed(peer);
  }

  return {
    open(scope, { mayStill = () => true, attended = false } = {}) {
      if (current !== undefined) end(current, { type: "ended", why: "replaced" });
      const pairing: Current = {
        id: `pair-${randomBytes(6).toString("hex")}`,
        code: createCode(),
        scope,
        expiresAt: clock.now() + LIFE_MS,
        until: clock.monotonic() + LIFE_MS,
        left: WRONG_BORNE,
        mayStill,
        attended,
        watchers: 0,
        watched: 0,
        over: new AbortController(),
        feed: createCoalescingFeed<PairingNews>(({ type }) => type),
      };
      current = pairing;
      const stop = AbortSignal.any([pairing.over.signal, closing]);
      clock.sleep(LIFE_MS, stop).then(
        () => end(pairing, { type: "ended", why: "expired" }),
        () => undefined,
      );
      endUnattended(pairing);
      const { id, code, expiresAt } = pairing;
      return { id, code, scope, expiresAt };
    },
    close(id) {
      if (current?.id === id) end(current, { type: "ended", why: "closed" });
    },
    async *watch(id, signal) {
      if (current?.id !== id) {
        yield last?.id === id ? last.end : { type: "ended", why: "closed" };
        return;
      }
      const pairing = current;
      pairing.watchers += 1;
      pairing.watched += 1;
      try {
        for await (const news of pairing.feed.subscribe(signal)) {
          yield news;
          if (news.type !== "refused") return;
        }
      } finally {
        pairing.watchers -= 1;
        endUnattended(pairing);
      }
    },
    begin(clientNonce, { peer, pin }) {
      refuseThrottled(peer);
      const pairing = open();
      if (pairing === undefined) throw failed();
      return sessions.begin({ code: pairing.id, peer, clientNonce, pin });
    },
    async finish({ session: id, proof, device }, { peer, pin }) {
      refuseThrottled(peer);
      const session = sessions.take(id);
      const pairing = open();
      if (session === undefined || pairing?.id !== session.code || session.pin !== pin) {
        throttle.fail(peer);
        throw failed();
      }
      const key = await prover.keyOf(pairing.code, session);
      // Meanwhile another device may have been faster, or the time be over.
      if (open() !== pairing) throw failed();
      if (!isProof(proof, proofOf(key, deviceMessage(id, device)))) {
        refuseProof(pairing, peer);
        throw failed();
      }
      const made = admit(device, pairing.scope);
      end(pairing, { type: "paired", device: made.device });
      return { ...made, proof: proofOf(key, workerMessage(id, made)) };
    },
  };
}

interface Current extends OpenPairing {
  /** By the clock that nobody sets. */
  until: number;
  left: number;
  mayStill: () => boolean;
  attended: boolean;
  /** How many watch it now, and how often anybody has begun to. */
  watchers: number;
  watched: number;
  over: AbortController;
  feed: ReturnType<typeof createCoalescingFeed<PairingNews>>;
}

/** The same of a wrong code, of one that is used or over, and where none is open: who guesses learns nothing. */
function failed(): WsError<"pairing_failed"> {
  return new WsError("pairing_failed", {
    message: "The worker does not take this code: it is wrong, was used already, or is older than ten minutes.",
    next: "Make a new one on the worker: ws pair.",
    data: {},
  });
}
