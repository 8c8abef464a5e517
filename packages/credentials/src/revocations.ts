import { orAborted, timeLimit, toWsError, type Clock, type Log } from "@ws/workspace-core";
import type { CredentialProvider, MintedToken } from "./provider.ts";

/** Tokens to be ended at their forge, which may be away just now. */
export interface Revocations extends AsyncDisposable {
  /** Resolves once the forge was told, or could not be: then it is told later, as long as the token lives. */
  end(provider: CredentialProvider, token: MintedToken): Promise<void>;
  /** How many the forge has not heard of yet. */
  waiting(): number;
}

interface Due {
  provider: CredentialProvider;
  token: MintedToken;
}

/** Nobody who ends a workspace waits longer for a forge that does not answer. */
const PATIENCE_MS = 5_000;
const DELAYS_MS = [5_000, 30_000, 60_000, 300_000];

/** They are kept in memory only: written down they would outlive what they are to end. */
export function createRevocations({ clock, log }: { clock: Clock; log: Log }): Revocations {
  const due = new Set<Due>();
  const closing = new AbortController();
  let repeating: Promise<void> | undefined;

  async function tell(item: Due): Promise<void> {
    if (item.token.expiresAt <= clock.now()) {
      due.delete(item);
      return;
    }
    try {
      await item.provider.revoke(item.token.token);
      due.delete(item);
    } catch (error) {
      const { message, code } = toWsError(error);
      log.warn("a token could not be revoked at its forge; it is tried again until the token expires", {
        code,
        reason: message,
        expires: new Date(item.token.expiresAt).toISOString(),
      });
    }
  }

  async function repeat(): Promise<void> {
    for (let attempt = 0; due.size > 0; attempt += 1) {
      await clock.sleep(DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)] ?? 0, closing.signal);
      for (const item of due) await tell(item);
    }
  }

  return {
    async end(provider, token) {
      const item = { provider, token };
      due.add(item);
      using patience = timeLimit(clock, PATIENCE_MS);
      await orAborted(tell(item), patience.signal).catch(() => undefined);
      if (due.size === 0 || closing.signal.aborted) return;
      repeating ??= repeat()
        .catch(() => undefined)
        .finally(() => {
          repeating = undefined;
        });
    },
    waiting: () => due.size,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await repeating;
      if (due.size > 0) log.warn("tokens stay good at their forge until they expire", { tokens: due.size });
    },
  };
}
