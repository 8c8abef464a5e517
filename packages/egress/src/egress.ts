import { type Clock, type Egress, isWsError, type Log, orAborted, throwIfAborted } from "@ws/workspace-core";
import type { FindAddresses } from "./judge.ts";
import { createProxy } from "./proxy.ts";

export type { FindAddresses } from "./judge.ts";

export interface EgressPorts {
  addresses: FindAddresses;
  clock: Pick<Clock, "sleep">;
  log: Log;
}

/** The server of a Box that was lost may hold the port for a moment longer. */
const TRIES = 10;
const TRY_AGAIN_MS = 300;

/** The way out of workspaces over HTTP's own means for proxies, which most programs are led by. */
export function createEgress({ addresses, clock, log }: EgressPorts): Egress {
  async function listen(
    box: Parameters<Egress["attach"]>[0],
    accept: Parameters<typeof box.listen>[0],
    { port, signal }: { port: number; signal: AbortSignal | undefined },
  ): ReturnType<typeof box.listen> {
    for (let left = TRIES; left > 0; left -= 1) {
      try {
        return await box.listen(accept, { port });
      } catch (error) {
        if (!isWsError(error, "port_taken")) throw error;
        await clock.sleep(TRY_AGAIN_MS, signal);
      }
    }
    log.warn("the port of the way out of a workspace is taken there: programs that run already have no way out", {
      workspace: box.id,
      port,
    });
    return box.listen(accept);
  }

  return {
    async attach(box, { port, decide, refused, signal }) {
      await using opening = new AsyncDisposableStack();
      const proxy = opening.use(createProxy({ addresses, decide, refused, clock, log, workspace: box.id }));
      const listening = listen(box, proxy.accept, { port, signal });
      const listener = await orAborted(listening, signal).catch((error: unknown) => {
        listening.then((late) => late[Symbol.asyncDispose]()).catch(() => undefined);
        throw error;
      });
      opening.use(listener);
      throwIfAborted(signal);
      const opened = opening.move();
      void box.closed.then(() => opened.disposeAsync()).catch(() => undefined);
      return { port: listener.port, review: proxy.review };
    },
  };
}
