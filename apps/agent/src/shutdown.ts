import type { Server } from "node:http";
import type { Server as NetServer } from "node:net";
import type { Log } from "@ws/workspace-core";

export interface ShutdownOptions {
  /** Ends event streams. */
  closing: AbortController;
  servers: readonly Server[];
  /** What takes connections for one of them at further addresses. */
  further: () => readonly NetServer[];
  streams: AsyncDisposable;
  /** Filled once the core runs. */
  running: { workspaces?: AsyncDisposable; tasks?: AsyncDisposable };
  log: Log;
}

const CORE_MS = 1_000;
const ANSWERS_MS = 1_500;

/**
 * Stops accepting at once, tells open streams that the agent goes away, lets the core write down what it was doing and
 * answers under way finish. Takes less than two seconds whatever hangs; workspaces and their terminals go on.
 */
export async function shutDown({ closing, servers, further, streams, running, log }: ShutdownOptions): Promise<void> {
  // An agent that was never up has an error to tell, and no farewell.
  if (running.workspaces !== undefined) log.info("going away; workspaces and their terminals go on");
  const drained = drain(servers, further());
  closing.abort();
  await within(streams[Symbol.asyncDispose](), CORE_MS, () => log.warn("some terminals' clients were cut off"));
  // Tasks first: they must not take the end of their channels for something that happened to them.
  const core = Promise.all([running.tasks?.[Symbol.asyncDispose](), running.workspaces?.[Symbol.asyncDispose]()]);
  await within(core, CORE_MS, () => log.warn("work was left unfinished; the next start goes on with it"));
  await drained;
}

async function drain(servers: readonly Server[], further: readonly NetServer[]): Promise<void> {
  const open = servers.filter((server) => server.listening);
  const closed = [...open, ...further].map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  // A connection that is kept alive becomes idle when its answer ends, and nothing tells us when that is.
  const sweeping = setInterval(() => {
    for (const server of open) server.closeIdleConnections();
  }, 10);
  const all = Promise.all(closed).then(() => undefined);
  await within(all, ANSWERS_MS, () => {
    for (const server of open) server.closeAllConnections();
  });
  clearInterval(sweeping);
}

async function within(work: PromiseLike<unknown>, ms: number, late: () => void): Promise<void> {
  const timer = Promise.withResolvers<"late">();
  const handle = setTimeout(() => timer.resolve("late"), ms);
  if ((await Promise.race([work, timer.promise])) === "late") late();
  clearTimeout(handle);
}
