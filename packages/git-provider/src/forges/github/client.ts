import { type AskSecret, type Clock, type TokenSecret, orAborted, throwIfAborted, WsError } from "@ws/workspace-core";
import type { GitHubAddress } from "./address.ts";
import { failureOf, isUnauthorized, limitOf } from "./failures.ts";
import type { GitHubOctokit, OctokitOptions } from "./octokit.ts";

export interface GitHubClient {
  readonly address: GitHubAddress;
  readonly clock: Clock;
  /**
   * Does one piece of work with the secret of the moment. Where that is refused the work is done once more with another, and after
   * a short limit again, so it must be repeatable up to its last request.
   */
  ask<T>(asking: Asking, work: (octokit: GitHubOctokit, secret: TokenSecret | undefined) => Promise<T>): Promise<T>;
}

export interface Asking {
  secret: AskSecret;
  /** What it is about, for messages. */
  url: string;
  signal: AbortSignal | undefined;
}

/** A limit that lasts longer is told to the caller. */
const PATIENCE_MS = 10_000;

export function createClient(options: OctokitOptions & { address: GitHubAddress; clock: Clock }): GitHubClient {
  const { address, clock } = options;
  const { host } = address;

  async function ask<T>(
    { secret: askSecret, url, signal }: Asking,
    work: (octokit: GitHubOctokit, secret: TokenSecret | undefined) => Promise<T>,
  ): Promise<T> {
    throwIfAborted(signal);
    const abortable = signal === undefined ? {} : { signal };
    // Its tables take a while to load, and an agent that starts needs none.
    const { openOctokit } = await import("./octokit.ts");
    let secret = await orAborted(askSecret(abortable), signal);
    let isSecond = false;
    let waited = false;
    for (;;) {
      try {
        return await orAborted(work(openOctokit(options, secret, signal), secret), signal);
      } catch (error) {
        throwIfAborted(signal);
        if (isUnauthorized(error) && secret !== undefined && !isSecond) {
          isSecond = true;
          const other = await orAborted(askSecret({ ...abortable, refused: secret.password }), signal);
          if (other === undefined) throw failureOf(error, { host, url, secret });
          secret = other;
          continue;
        }
        const retryAt = limitOf(error, clock);
        if (retryAt === undefined) throw failureOf(error, { host, url, secret });
        const ms = retryAt - clock.now();
        if (waited || ms > PATIENCE_MS) throw limited(host, retryAt);
        waited = true;
        await pause(clock, ms, signal);
      }
    }
  }

  return { address, clock, ask };
}

/** Waits, or throws as soon as the signal says so. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  }
}

function limited(host: string, retryAt: number): WsError<"forge_rate_limited"> {
  return new WsError("forge_rate_limited", {
    message: `The forge ${host} takes no more requests with this credential until ${new Date(retryAt).toISOString()}.`,
    next: "Repeat this then; what was done stays done.",
    data: { host, retryAt },
  });
}
