import type { request as octokitRequest } from "@octokit/request";
import { RequestError } from "@octokit/request-error";
import { excerpt, inTime, toWsError, WsError, type Clock } from "@ws/workspace-core";

export type GitHubRequest = typeof octokitRequest;
export type Fetch = typeof globalThis.fetch;

export interface GitHubRequestOptions {
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  baseUrl: string;
  fetch: Fetch;
  /** Called with every answer's `Date`, milliseconds since the epoch. */
  onDate?: (date: number) => void;
}

const QUIET = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Requests to one forge's API. The library is loaded where it is needed: most workers have no app and log in once. */
export async function createGitHubRequest({ baseUrl, fetch, onDate }: GitHubRequestOptions): Promise<GitHubRequest> {
  const { request } = await import("@octokit/request");
  async function observed(...[input, init]: Parameters<Fetch>): Promise<Response> {
    const response = await fetch(input, init);
    const date = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(date)) onDate?.(date);
    return response;
  }
  return request.defaults({
    baseUrl,
    headers: { "user-agent": "workspace", "x-github-api-version": "2022-11-28" },
    request: { fetch: observed, log: QUIET },
  });
}

/** Where the API of a host is. */
export function apiUrlOf(host: string): string {
  return isGitHubItself(host) ? `https://api.${host}` : `https://${host}/api/v3`;
}

/** Enterprises whose data stays in one region are the same service as github.com; any other server may be years old. */
export function isGitHubItself(host: string): boolean {
  return host === "github.com" || host.endsWith(".ghe.com");
}

/** Where people and their logins are, of an API. */
export function webUrlOf(apiUrl: string): string {
  const { origin, hostname } = new URL(apiUrl);
  return /^api\.(?:github\.com|.+\.ghe\.com)$/.test(hostname) ? `https://${hostname.slice("api.".length)}` : origin;
}

const LIMIT_MS = 30_000;

/** Work at a forge that has half a minute. Throws `forge_unreachable` once that is over, `aborted` where the caller says so. */
export function atForge<T>(
  clock: Pick<Clock, "sleep">,
  host: string,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = (): WsError => unreachable(host, `did not answer within ${LIMIT_MS / 1_000} seconds`);
  return inTime(clock, { ms: LIMIT_MS, signal, late }, work);
}

/** What the forge answered, where it refused; undefined for a failure of another kind. */
export function refusalOf(error: unknown): { status: number; text: string } | undefined {
  if (!(error instanceof RequestError) || error.response === undefined) return undefined;
  const { data } = error.response as { data: unknown };
  const message = (data as { message?: unknown } | undefined)?.message;
  return { status: error.status, text: excerpt(typeof message === "string" ? message : error.message) };
}

/**
 * The domain's error for what any request can meet: `forge_unreachable`, `forge_rate_limited`, `forge_refused`. The
 * request, which holds secrets, is not part of it.
 */
export function asForgeError(error: unknown, host: string, clock: Pick<Clock, "now">): WsError {
  if (!(error instanceof RequestError)) return toWsError(error);
  const refusal = refusalOf(error);
  if (refusal === undefined) return unreachable(host, `cannot be reached: ${excerpt(error.message)}`);
  const headers = error.response?.headers ?? {};
  const { status, text } = refusal;
  const wait = Number(headers["retry-after"] ?? Number.NaN) * 1_000;
  const spent = headers["x-ratelimit-remaining"] === "0";
  if ((status === 403 || status === 429) && (spent || !Number.isNaN(wait) || /rate limit/i.test(text))) {
    const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN) * 1_000;
    const retryAt = !Number.isNaN(wait) ? clock.now() + wait : Number.isNaN(reset) ? clock.now() + 60_000 : reset;
    return new WsError("forge_rate_limited", {
      message: `${host} answers no more requests for now: ${text}.`,
      next: `Try again after ${new Date(retryAt).toISOString()}.`,
      data: { host, retryAt },
    });
  }
  return new WsError("forge_refused", {
    message: `${host} refused a request with ${status}: ${text}.`,
    next: status >= 500 ? "Try again; the forge itself is in trouble." : "See what the forge says there.",
    data: { host, status },
  });
}

function unreachable(host: string, what: string): WsError {
  return new WsError("forge_unreachable", {
    message: `${host} ${what}.`,
    next: "Check the worker's network and the forge's address, then try again.",
    data: { host },
  });
}
