import {
  orAborted,
  WsError,
  type Clock,
  type CredentialSummary,
  type Log,
  type SshKeySecret,
  type TokenSecret,
} from "@ws/workspace-core";
import type { Chosen } from "./choose.ts";
import { apiUrlOf } from "./github-request.ts";
import { refreshToken } from "./oauth.ts";
import { openSshKey } from "./ssh-key-text.ts";
import { createSharedWork } from "./shared-work.ts";
import type { StoredToken, TokenStore } from "./token-store.ts";

/** What is secret in one. */
export type SecretParts = Omit<TokenSecret, keyof CredentialSummary> | Omit<SshKeySecret, keyof CredentialSummary>;

/** Tokens and keys that people gave; tokens are renewed where they can be. */
export interface StoredSecrets {
  /** Throws `credential_rejected` where the forge refused it and there is no other, `credential_expired`. */
  of(
    chosen: Exclude<Chosen, { kind: "provider" }>,
    options: { isRefused: (value: string) => boolean; signal?: AbortSignal | undefined },
  ): Promise<SecretParts>;
}

const RENEW_BEFORE_MS = 10 * 60_000;
const USERNAME = "x-access-token";

export function createStoredSecrets(options: {
  tokens: TokenStore;
  clock: Clock;
  log: Log;
  fetch: typeof globalThis.fetch;
  learn: (secret: string) => void;
  apiUrl?: (host: string) => string;
}): StoredSecrets {
  const { tokens, clock, log, fetch, learn, apiUrl = apiUrlOf } = options;
  const refreshing = createSharedWork<StoredToken>();

  /** What was kept is replaced before anybody uses the new one: the old refresh token is worth nothing by then. */
  function renew(stored: StoredToken, signal: AbortSignal | undefined): Promise<StoredToken> {
    const renewing = refreshing.run(stored.name, async () => {
      const { host } = stored;
      const next = await refreshToken(stored, { host, apiUrl: apiUrl(host), clock, fetch });
      learn(next.token.reveal());
      if (next.refresh !== undefined) learn(next.refresh.token.reveal());
      const kept = tokens.get(stored.name);
      if (kept !== undefined && kept.type !== "ssh_key" && kept.token.equals(stored.token.reveal())) tokens.set(next);
      return next;
    });
    // A caller that goes away must not lose a token which the forge has given already.
    return orAborted(renewing, signal);
  }

  async function current(stored: StoredToken, isRefused: (value: string) => boolean, signal: AbortSignal | undefined) {
    const left = (stored.expiresAt ?? Infinity) - clock.now();
    const isGood = left > 0 && !isRefused(stored.token.reveal());
    if (stored.refresh === undefined || (isGood && left > RENEW_BEFORE_MS)) return stored;
    try {
      return await renew(stored, signal);
    } catch (error) {
      if (!isGood) throw error;
      log.warn("a login could not be renewed yet; the present token is used on", { name: stored.name, error });
      return stored;
    }
  }

  return {
    async of(chosen, { isRefused, signal }) {
      const { host, id, type } = chosen.summary;
      if (chosen.credential.type === "ssh_key") {
        const { privateKey, hostKeys = [] } = chosen.credential;
        return { privateKey: openSshKey(privateKey.reveal()), hostKeys };
      }
      const held =
        "name" in chosen.credential ? await current(chosen.credential, isRefused, signal) : { ...chosen.credential };
      const { token, username = USERNAME } = held;
      const expiresAt = "expiresAt" in held ? held.expiresAt : undefined;
      if (expiresAt !== undefined && expiresAt <= clock.now()) {
        throw new WsError("credential_expired", {
          message: `The ${wordsFor(type)} '${id}' for ${host} expired at ${new Date(expiresAt).toISOString()}.`,
          next: nextFor(type, id),
          data: { credential: id },
        });
      }
      if (isRefused(token.reveal())) {
        const ending = token.lastFour === "" ? "" : ` (it ends in ${token.lastFour})`;
        throw new WsError("credential_rejected", {
          message: `Authentication failed: ${host} refused the ${wordsFor(type)} '${id}'${ending}.`,
          next: nextFor(type, id),
          data: { credential: id },
        });
      }
      return { username, password: token.reveal(), ...(expiresAt === undefined ? {} : { expiresAt }) };
    },
  };
}

function wordsFor(type: string): string {
  return type === "oauth" ? "login" : "token";
}

function nextFor(type: string, id: string): string {
  return type === "oauth" ? "Log in again: ws login github." : `Give a new one: ws credential set ${id}.`;
}
