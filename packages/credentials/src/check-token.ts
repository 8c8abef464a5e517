import { WsError, type Clock } from "@ws/workspace-core";
import { asForgeError, atForge, createGitHubRequest, refusalOf, type Fetch } from "./github-request.ts";
import type { Secret } from "./secret.ts";

/** What a GitHub tells of a token. */
export interface TokenStatus {
  /** Whose it is; absent where the token may not ask that. */
  login?: string;
  /** Of a classic token. */
  scopes?: readonly string[];
  /** Milliseconds since the epoch; absent where it does not end by itself. */
  expiresAt?: number;
}

export interface CheckTokenOptions {
  host: string;
  apiUrl: string;
  clock: Clock;
  fetch: Fetch;
}

/** Asks a GitHub whether it takes a token. Throws `credential_rejected` where it does not, `forge_unreachable`, `forge_refused`. */
export async function checkGitHubToken(
  token: Secret,
  { host, apiUrl, clock, fetch }: CheckTokenOptions,
  signal?: AbortSignal,
): Promise<TokenStatus> {
  const request = await createGitHubRequest({ baseUrl: apiUrl, fetch });
  return atForge(clock, host, signal, async (ending) => {
    try {
      const authorization = `token ${token.reveal()}`;
      const { data, headers } = await request("GET /user", { headers: { authorization }, request: { signal: ending } });
      const scopes = headers["x-oauth-scopes"]?.split(",").map((scope) => scope.trim());
      const end = Date.parse(String(headers["github-authentication-token-expiration"] ?? "").replace(" UTC", "Z"));
      return {
        login: data.login,
        ...(scopes === undefined ? {} : { scopes: scopes.filter((scope) => scope !== "") }),
        ...(Number.isNaN(end) ? {} : { expiresAt: end }),
      };
    } catch (error) {
      const refusal = refusalOf(error);
      // An installation's token is good and nobody's.
      if (refusal?.status === 403 && /integration/i.test(refusal.text)) return {};
      if (refusal?.status !== 401) throw asForgeError(error, host, clock);
      throw new WsError("credential_rejected", {
        message: `Authentication failed: ${host} does not take this token: ${refusal.text}.`,
        next: `Make a new one on ${host}, under 'Settings', 'Developer settings', and give it again.`,
        data: { credential: host },
      });
    }
  });
}
