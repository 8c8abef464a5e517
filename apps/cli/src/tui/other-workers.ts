import type { Context } from "../context.ts";
import { findTarget, targetOf, type Target } from "../target.ts";
import type { ListedWorker } from "../workers/list-workers.ts";
import type { OtherWorkers } from "./state/app-context.ts";
import { openSession, type Session } from "./state/session.ts";

/** The workers of this device, and those behind the agent that commands are for. What is listened to ends with this. */
export function otherWorkers(context: Context, first: Session): OtherWorkers & Disposable {
  const over = new AbortController();
  let current = first;
  return {
    async list() {
      const { listWorkers } = await import("../workers/list-workers.ts");
      return listWorkers(context);
    },
    async use(worker, wish) {
      const signal = AbortSignal.any([wish, over.signal]);
      const next = await openSession(context.io, await targetFor(context, worker), signal);
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

async function targetFor({ io }: Context, { name, url }: ListedWorker): Promise<Target> {
  const { findWorker, workersOf } = await import("../known-workers.ts");
  const known = url === undefined ? undefined : findWorker(workersOf(io.env).all, name);
  // One that this device does not reach by itself is behind the agent that commands are for.
  return known === undefined ? findTarget(io.env, name) : targetOf(known);
}
