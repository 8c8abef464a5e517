import { sign, type KeyObject } from "node:crypto";
import { WsError } from "@ws/workspace-core";
import { asForgeError, createGitHubRequest, refusalOf, type GitHubRequest } from "./github-request.ts";
import type { Surroundings } from "./provider.ts";

/** How an app speaks to its forge. */
export interface AppAuthentication {
  /** Requests in the app's own name. */
  asApp: GitHubRequest;
  /** Requests that bring their own authorization. */
  plain: GitHubRequest;
  /** What the forge's clock shows more than ours, in milliseconds. */
  offset(): number;
  /** The domain's error for a failed request in the app's own name. */
  problem(error: unknown): WsError;
}

export interface AppIdentity {
  appId: string;
  key: KeyObject;
  host: string;
  apiUrl: string;
}

const SKEW = /'(?:Expiration time' claim \('exp'\)|Issued at' claim \('iat'\))/;

export async function createAppAuthentication(
  { appId, key, host, apiUrl }: AppIdentity,
  { clock, log, fetch }: Surroundings,
): Promise<AppAuthentication> {
  const { createAppAuth } = await import("@octokit/auth-app");
  let offset = 0;
  /** Once the forge has called our time wrong, its own is used. */
  let usesItsTime = false;
  const onDate = (date: number): void => {
    offset = date - clock.now();
  };
  const plain = await createGitHubRequest({ baseUrl: apiUrl, fetch, onDate });

  const auth = createAppAuth({
    appId,
    request: plain,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    // Its own would sign by the system's clock.
    createJwt: async (_id, timeDifference) => {
      if (timeDifference !== undefined && !usesItsTime) {
        usesItsTime = true;
        log.warn(`${skewed(host, offset)}; its time is used for signatures`, { minutes: Math.round(offset / 60_000) });
      }
      const now = Math.floor((clock.now() + (usesItsTime ? offset : 0)) / 1_000);
      const expires = now + 9 * 60;
      return {
        jwt: signJwt({ iat: now - 30, exp: expires, iss: appId }, key),
        expiresAt: new Date(expires).toISOString(),
      };
    },
  });

  function problem(error: unknown): WsError {
    const refusal = refusalOf(error);
    if (refusal === undefined) return asForgeError(error, host, clock);
    const { status, text } = refusal;
    if (status === 401 && SKEW.test(text)) {
      return rejected(
        `${skewed(host, offset)}, so ${host} refuses the GitHub App's signatures: ${text}`,
        "Set the worker's clock: timedatectl set-ntp true.",
      );
    }
    if (status === 401 || (status === 404 && /integration not found/i.test(text))) {
      return rejected(
        `${host} does not take the GitHub App ${appId} with this private key: ${text}`,
        "Check that github.appId is the app's id, and that the private key was made for that app.",
      );
    }
    if (status === 403 && /suspended/i.test(text)) return suspended(host, text);
    return asForgeError(error, host, clock);
  }

  return {
    plain,
    asApp: plain.defaults({ request: { hook: auth.hook } }),
    offset: () => offset,
    problem,
  };
}

export function suspended(host: string, text: string): WsError {
  return rejected(
    `The installation of the GitHub App is suspended: ${text}`,
    `Its owner can end that on ${host}, under 'Settings', 'Applications'.`,
  );
}

export function rejected(message: string, next: string): WsError {
  const sentence = message.endsWith(".") ? message : `${message}.`;
  return new WsError("credential_rejected", { message: sentence, next, data: { credential: "github-app" } });
}

function skewed(host: string, offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60_000);
  if (minutes === 0) return "This machine's clock is wrong";
  return `This machine's clock is ${minutes} ${minutes === 1 ? "minute" : "minutes"} ${offset > 0 ? "behind" : "ahead of"} that of ${host}`;
}

function signJwt(claims: Record<string, unknown>, key: KeyObject): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
  return `${body}.${sign("sha256", Buffer.from(body), key).toString("base64url")}`;
}
