import { excerpt, WsError, type Clock } from "@ws/workspace-core";
import { asForgeError, atForge, createGitHubRequest, refusalOf, webUrlOf, type Fetch } from "./github-request.ts";
import { Secret } from "./secret.ts";
import type { StoredToken } from "./token-store.ts";

export interface OAuthOptions {
  /** The id of the OAuth app, or the client id of the GitHub App. */
  clientId: string;
  host: string;
  apiUrl: string;
  clock: Clock;
  fetch: Fetch;
}

/** What the forge answered to a request of a login. */
export type OAuthAnswer = { token: OAuthToken } | { error: string; description: string; interval?: number };
export type OAuthToken = Pick<StoredToken, "token" | "expiresAt" | "refresh">;

/** Asks for a token; a refusal in OAuth's own words is an answer. Throws `forge_unreachable`, `forge_refused`. */
export async function askForToken(
  options: OAuthOptions,
  parameters: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<OAuthAnswer> {
  const { clientId, clock } = options;
  const answer = await postForm(options, "/login/oauth/access_token", { client_id: clientId, ...parameters }, signal);
  const text = (name: string): string | undefined => (typeof answer[name] === "string" ? answer[name] : undefined);
  const seconds = (name: string): number | undefined => (typeof answer[name] === "number" ? answer[name] : undefined);
  const token = text("access_token");
  if (token === undefined) {
    const interval = seconds("interval");
    return {
      error: text("error") ?? "no_token",
      description: excerpt(text("error_description") ?? text("error") ?? "the answer holds no token"),
      ...(interval === undefined ? {} : { interval }),
    };
  }
  const instant = (name: string): { expiresAt: number } | undefined => {
    const lasts = seconds(name);
    return lasts === undefined ? undefined : { expiresAt: clock.now() + lasts * 1_000 };
  };
  const refresh = text("refresh_token");
  return {
    token: {
      token: new Secret(token),
      ...instant("expires_in"),
      ...(refresh === undefined
        ? {}
        : { refresh: { token: new Secret(refresh), clientId, ...instant("refresh_token_expires_in") } }),
    },
  };
}

/** A new token in place of one that ends. Throws `credential_expired` where only a new login helps. */
export async function refreshToken(stored: StoredToken, options: Omit<OAuthOptions, "clientId">, signal?: AbortSignal) {
  const { refresh, host, name } = stored;
  if (refresh === undefined) throw expired(host, name, "it cannot be renewed");
  const parameters = { grant_type: "refresh_token", refresh_token: refresh.token.reveal() };
  const answer = await askForToken({ ...options, clientId: refresh.clientId }, parameters, signal);
  const { refusedAt: _ofTheOld, ...kept } = stored;
  if ("token" in answer) return { ...kept, ...answer.token };
  throw expired(host, name, answer.description);
}

/** Throws `forge_unreachable`, `forge_refused`. */
export async function postForm(
  { host, apiUrl, clock, fetch }: Omit<OAuthOptions, "clientId">,
  path: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const request = await createGitHubRequest({ baseUrl: webUrlOf(apiUrl), fetch });
  return atForge(clock, host, signal, async (ending) => {
    try {
      const options = { ...parameters, headers: { accept: "application/json" }, request: { signal: ending } };
      const { data } = (await request(`POST ${path}`, options)) as { data: unknown };
      return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
    } catch (error) {
      const refusal = refusalOf(error);
      // Some servers answer a refusal in OAuth's words with 400, as its standard says.
      if (refusal?.status === 400) return { error: refusal.text, ...bodyOf(error) };
      throw asForgeError(error, host, clock);
    }
  });
}

function bodyOf(error: unknown): Record<string, unknown> {
  const { data } = (error as { response: { data: unknown } }).response;
  return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
}

function expired(host: string, name: string, why: string): WsError {
  return new WsError("credential_expired", {
    message: `The login '${name}' to ${host} has expired: ${why}.`,
    next: "Log in again: ws login github.",
    data: { credential: name },
  });
}
