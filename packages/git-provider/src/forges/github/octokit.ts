import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import type { TokenSecret, Log } from "@ws/workspace-core";
import type { ApiFetch } from "./https-fetch.ts";

const ForgeOctokit = Octokit.plugin(retry, throttling);
export type GitHubOctokit = Octokit;

export interface OctokitOptions {
  apiUrl: string;
  fetch: ApiFetch;
  log: Log;
  /** Whether writes are kept a second and more apart, as GitHub asks of its users. */
  spaced: boolean;
  /** Before the first repetition of what failed; the later ones wait longer. */
  retryMs: number;
}

/** The API as one secret sees it, until the signal. */
export function openOctokit(
  { apiUrl, fetch, log, spaced, retryMs }: OctokitOptions,
  secret: TokenSecret | undefined,
  signal: AbortSignal | undefined,
): GitHubOctokit {
  // Limits are told to the caller or waited for by our own clock, which can be interrupted.
  const never = (): boolean => false;
  return new ForgeOctokit({
    baseUrl: apiUrl,
    userAgent: "workspace",
    ...(secret === undefined ? {} : { auth: secret.password }),
    request: { fetch, ...(signal === undefined ? {} : { signal }) },
    throttle: {
      enabled: spaced,
      id: `${apiUrl} ${secret?.id ?? ""}`,
      onRateLimit: never,
      onSecondaryRateLimit: never,
    },
    // A refusal is an answer; only what failed is worth repeating.
    retry: { retries: 2, retryAfterBaseValue: retryMs, doNotRetry: Array.from({ length: 200 }, (_, at) => 300 + at) },
    // Its debug lines hold whole requests, with the token.
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message: string) => log.warn(message),
      error: (message: string) => log.debug(message),
    },
  });
}
