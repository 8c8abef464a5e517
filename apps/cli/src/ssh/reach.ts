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

/** Where a connection to a host name goes: to the worker that the name says, else to the one that `--on` means for every command. */
export async function reachHost(
  env: Io["env"],
  { worker, on }: { worker: string | undefined; on: string | undefined },
): Promise<Target> {
  return worker === undefined && on !== undefined ? findTarget(env, on) : reachWorker(env, worker);
}
