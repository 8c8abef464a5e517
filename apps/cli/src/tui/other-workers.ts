import { connectAgent } from "../agent-connection.ts";
import type { Context } from "../context.ts";
import { findTarget, targetOf, type Target } from "../target.ts";
import type { ListedWorker } from "../workers/list-workers.ts";
import type { OtherWorkers, ReachedWorker } from "./state/app-context.ts";
import { openSession, type Session } from "./state/session.ts";

/**
 * The workers of this device, and those behind the agent that commands are for where none behind it is named: that one is always among them,
 * since it is the way back. What is listened to ends with this.
 */
export function otherWorkers(context: Context, first: Session): OtherWorkers & Disposable {
  const { io } = context;
  const over = new AbortController();
  let current = first;
  return {
    async list() {
      const home = await findTarget(io.env, "");
      const { askAgent, listWorkers, VIA_DEVICE } = await import("../workers/list-workers.ts");
      const asked = { ...context, on: "", connect: () => connectAgent(io, home) };
      const listed = await listWorkers(asked);
      if (!listed.some((worker) => worker.current === true)) {
        const { hostname = "this machine", ...said } = await askAgent(io, home);
        listed.unshift({ name: hostname, via: VIA_DEVICE, current: true, hostname, ...said });
      }
      const reached = listed.map((worker) => reachedFrom(io, home, worker));
      return (await Promise.all(reached)).map((worker) => ({
        ...worker,
        isShown: isSame(worker.target, current.target),
      }));
    },
    async use({ target }, wish) {
      const next = await openSession(io, target, AbortSignal.any([wish, over.signal]));
      current[Symbol.dispose]();
      current = next;
      return next;
    },
    [Symbol.dispose]() {
      over.abort();
      current[Symbol.dispose]();
    },
  };
}

async function reachedFrom(
  io: Context["io"],
  home: Target,
  worker: ListedWorker,
): Promise<Omit<ReachedWorker, "isShown">> {
  if (worker.current === true) return { ...worker, target: home };
  const { findWorker, workersOf } = await import("../known-workers.ts");
  const known = worker.url === undefined ? undefined : findWorker(workersOf(io.env).all, worker.name);
  // One that this device does not reach by itself is behind that agent.
  return { ...worker, target: known === undefined ? { ...home, on: worker.name } : targetOf(known) };
}

function isSame(one: Target, other: Target): boolean {
  const placeOf = (target: Target): string => (target.kind === "http" ? target.url : target.path);
  return one.kind === other.kind && placeOf(one) === placeOf(other) && one.on === other.on;
}
