import { WsError, type Clock } from "@ws/workspace-core";
import type { Tokens } from "../store/tokens.ts";

/** The tokens in use: what they have open ends when they do. */
export interface Sessions {
  /** Aborts, with the reason as a `WsError`, when the token is revoked or has expired. */
  gone(tokenId: string): AbortSignal;
  /** Somebody did something with what this token opened, so that its idle time begins anew. */
  use(tokenId: string): void;
  revoke(tokenId: string): void;
}

export interface SessionsOptions {
  tokens: Pick<Tokens, "get" | "use">;
  clock: Clock;
  /** Aborts when the agent goes away. */
  closing: AbortSignal;
}

/** How late a token may end when the clock was set forward. */
const LOOK_EVERY_MS = 4_000;
const USE_GRANULARITY_MS = 60_000;

export function createSessions({ tokens, clock, closing }: SessionsOptions): Sessions {
  const open = new Map<string, { ending: AbortController; usedAt: number }>();

  function end(tokenId: string, message: string, reason: "revoked" | "expired"): void {
    const session = open.get(tokenId);
    open.delete(tokenId);
    session?.ending.abort(
      new WsError("unauthorized", {
        message,
        next: "On the worker run 'ws pair' to let a device in, 'ws open' for a dashboard link, or 'ws token create NAME' for a script.",
        data: { reason },
      }),
    );
  }

  async function watch(tokenId: string, ended: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([ended, closing]);
    for (;;) {
      const token = tokens.get(tokenId);
      if (token === undefined) return end(tokenId, "The token has expired.", "expired");
      if (token.expiresAt === undefined) return;
      const left = Math.max(1, token.expiresAt - clock.now());
      await clock.sleep(Math.min(left, LOOK_EVERY_MS), stop);
    }
  }

  return {
    gone(tokenId) {
      const known = open.get(tokenId);
      if (known !== undefined) return known.ending.signal;
      const ending = new AbortController();
      open.set(tokenId, { ending, usedAt: clock.monotonic() });
      watch(tokenId, ending.signal).catch(() => undefined);
      return ending.signal;
    },
    use(tokenId) {
      const session = open.get(tokenId);
      const now = clock.monotonic();
      if (session === undefined || now - session.usedAt < USE_GRANULARITY_MS) return;
      session.usedAt = now;
      tokens.use(tokenId);
    },
    revoke: (tokenId) => end(tokenId, "The token was revoked.", "revoked"),
  };
}
