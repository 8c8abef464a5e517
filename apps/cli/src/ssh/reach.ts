import type { Io } from "../io.ts";
import { workersOf } from "../known-workers.ts";
import { findTarget, targetOf, type Target } from "../target.ts";

/** Where a worker of a host name is: one that this device knows, else one behind its own; its own where none is named. */
export async function reachWorker(given: Io["env"], worker?: string): Promise<Target> {
  // Another program calls this, which may have that variable or not: a host name means one worker.
  const env = { ...given, WS_ON: "" };
  const known = worker === undefined ? undefined : workersOf(env).all.find(({ name }) => name === worker);
  return known === undefined ? findTarget(env, worker) : targetOf(known);
}
