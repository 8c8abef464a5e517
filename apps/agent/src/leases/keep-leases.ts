import { randomBytes } from "node:crypto";
import { type Clock, createLeases, type Leases, type LeaseStore, type Log, type Workspaces } from "@ws/workspace-core";
import { leasedWorkspaces } from "./leased-workspaces.ts";

/**
 * The worker's leases, once the records are true. What an earlier agent was cut off in the middle of is given back first;
 * what had been handed over goes on, because its holder may live on without an agent.
 */
export function keepLeases(options: {
  store: LeaseStore;
  workspaces: () => Promise<Workspaces>;
  clock: Clock;
  log: Log;
}): () => Promise<Leases> {
  const { store, clock, log } = options;
  let kept: Promise<Leases> | undefined;

  async function begin(): Promise<Leases> {
    const workspaces = leasedWorkspaces(await options.workspaces(), log);
    const newId = (): string => `lease-${randomBytes(6).toString("hex")}`;
    const leases = createLeases({ store, workspaces, clock, log, newId });
    const ended = await leases.reconcile(() => true);
    for (const { id, workspace, stage } of ended)
      log.info("a lease that was cut off is given back", { id, workspace, stage });
    return leases;
  }

  return () =>
    (kept ??= begin().catch((error: unknown) => {
      kept = undefined;
      throw error;
    }));
}
