import type { Leases, Log, Tasks, Workspaces } from "@ws/workspace-core";

/** Goes on with what an earlier agent left: records first, then what stands on them. Returns at once; what fails is logged. */
export function takeUp(options: {
  workspaces: Pick<Workspaces, "reconcile">;
  reconciled: PromiseWithResolvers<void>;
  leases: () => Promise<Leases>;
  tasks: () => Promise<Tasks>;
  log: Log;
  /** The agent's own end. */
  closing: AbortSignal;
}): void {
  const { workspaces, reconciled, leases, tasks, log, closing } = options;
  reconcile(workspaces, log).then(reconciled.resolve, reconciled.reject);
  const unlessClosing = (message: string) => (error: unknown) => {
    if (!closing.aborted) log.error(message, { error });
  };
  leases().catch(unlessClosing("leases could not be brought to agreement"));
  tasks().catch(unlessClosing("tasks could not be taken up"));
}

/** A runtime that cannot be reconciled now is tried again when its engine is back; it must not silence the others. */
async function reconcile(workspaces: Pick<Workspaces, "reconcile">, log: Log): Promise<void> {
  try {
    await workspaces.reconcile();
  } catch (error) {
    log.error("records and runtimes could not be brought to agreement", { error });
  }
}
