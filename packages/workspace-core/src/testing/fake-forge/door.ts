import { abortedError, throwIfAborted } from "../../aborted.ts";
import type { TokenSecret } from "../../credentials.ts";
import { WsError } from "../../errors.ts";
import type { AskSecret } from "../../forge.ts";
import type { Clock } from "../../ports.ts";
import type { ForgeFault } from "./held.ts";

export interface Door {
  /** One call under the rules that hold for all: the secret, limits and failures. */
  enter<T>(ask: AskSecret, signal: AbortSignal | undefined, work: (secret: TokenSecret | undefined) => T): Promise<T>;
  fault(fault: ForgeFault): void;
  /** After a creation: throws where its answer is lost and nothing more can be learnt. */
  created(): void;
}

const PATIENCE_MS = 10_000;
const ATTEMPTS = 3;

export function createDoor(options: { host: string; clock: Clock; accepts: (password: string) => boolean }): Door {
  const { host, clock, accepts } = options;
  const faults: ForgeFault[] = [];

  async function enter<T>(
    ask: AskSecret,
    signal: AbortSignal | undefined,
    work: (secret: TokenSecret | undefined) => T,
  ): Promise<T> {
    throwIfAborted(signal);
    const asking = signal === undefined ? {} : { signal };
    let secret = await ask(asking);
    let refused = false;
    for (let attempt = 1; ;) {
      throwIfAborted(signal);
      // One that breaks creations waits for a creation, and lets other requests by.
      const fault = faults[0]?.kind === "lost_answer" ? undefined : faults.shift();
      if (fault?.kind === "silent") await silence(signal);
      if (fault?.kind === "rate_limited") {
        await limit(fault.forMs, signal);
        continue;
      }
      if (fault?.kind === "unavailable") {
        if (fault.times > 1) faults.unshift({ ...fault, times: fault.times - 1 });
        if (++attempt > ATTEMPTS) throw unreachable();
        continue;
      }
      if (fault?.kind === "refused" || (secret !== undefined && !accepts(secret.password))) {
        if (secret === undefined || refused) throw authenticationFailed();
        refused = true;
        secret = await ask({ ...asking, refused: secret.password });
        if (secret === undefined) throw authenticationFailed();
        continue;
      }
      return work(secret);
    }
  }

  async function limit(forMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (forMs > PATIENCE_MS) {
      throw new WsError("forge_rate_limited", {
        message: `${host} takes no more requests for now.`,
        next: "Come back when the limit is over.",
        data: { host, retryAt: clock.now() + forMs },
      });
    }
    await clock.sleep(forMs, signal).catch(() => throwIfAborted(signal));
  }

  function unreachable(): WsError {
    return new WsError("forge_unreachable", { message: `${host} cannot be reached.`, data: { host } });
  }

  function authenticationFailed(): WsError {
    const url = `https://${host}`;
    return new WsError("authentication_failed", { message: `Authentication failed for '${url}'.`, data: { url } });
  }

  return {
    enter,
    fault: (fault) => void faults.push(fault),
    created() {
      if (faults[0]?.kind !== "lost_answer") return;
      const { gone } = faults[0];
      faults.shift();
      if (gone === true) throw unreachable();
    },
  };
}

function silence(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(abortedError(signal.reason)), { once: true });
  });
}
