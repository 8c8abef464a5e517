import { randomBytes } from "node:crypto";
import {
  type Clock,
  createLeases,
  type Lease,
  type Leases,
  type LeaseStore,
  type Log,
  type WorkspaceEvent,
  type WorkspaceId,
  type Workspaces,
} from "@ws/workspace-core";
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
  /** The agent's own end. */
  signal: AbortSignal;
}): () => Promise<Leases> {
  const { store, clock, log, signal } = options;
  let kept: Promise<Leases> | undefined;

  async function begin(): Promise<Leases> {
    const all = await options.workspaces();
    const workspaces = leasedWorkspaces(all, log);
    const newId = (): string => `lease-${randomBytes(6).toString("hex")}`;
    const leases = createLeases({ store, workspaces, clock, log, newId });
    const removals = all.events(signal);
    const there = new Set(all.list().map(({ id }) => id));
    const ended = await leases.reconcile(({ workspaceId }) => workspaceId !== undefined && there.has(workspaceId));
    for (const { id, workspace, stage } of ended)
      log.info("a lease that was cut off is given back", { id, workspace, stage });
    void endWithWorkspaces(leases, removals);
    return leases;
  }

  /** A lease of a workspace that somebody deleted would keep its number for nobody. */
  async function endWithWorkspaces(leases: Leases, events: AsyncIterable<WorkspaceEvent>): Promise<void> {
    for await (const event of events) {
      const lease = event.type === "removed" ? ofWorkspace(store, event.id) : undefined;
      if (lease?.stage !== "handed_over") continue;
      await leases.release(lease).then(
        () => log.info("a lease ended with its workspace", { id: lease.id, workspace: lease.workspace }),
        (error: unknown) => log.warn("a lease of a deleted workspace could not be ended", { id: lease.id, error }),
      );
    }
  }

  return () =>
    (kept ??= begin().catch((error: unknown) => {
      kept = undefined;
      throw error;
    }));
}

/** Who has a workspace on lease; nobody any more where it is being given back. */
export function holding(store: LeaseStore, id: WorkspaceId): Lease | undefined {
  const lease = ofWorkspace(store, id);
  return lease?.stage === "releasing" ? undefined : lease;
}

function ofWorkspace(store: LeaseStore, id: WorkspaceId): Lease | undefined {
  return store.list().find(({ workspaceId }) => workspaceId === id);
}
