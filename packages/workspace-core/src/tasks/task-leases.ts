import { orAborted } from "../aborted.ts";
import type { Lease, LeaseStore } from "../leases/lease.ts";
import type { AcquireRequest, Leases } from "../leases/leases.ts";
import type { WorkspaceId } from "../workspace.ts";
import type { TaskLeases } from "./leasing.ts";
import type { TaskId, TaskLease } from "./task.ts";

/** What a lease is made of, beside whose it is. */
export type LeaseMaterial = Omit<AcquireRequest, "project" | "holder" | "wait" | "signal">;

/** The worker's leases as tasks take them: the holder is the task. `leases` resolves once those that a crash cut off are given back. */
export function taskLeases(ports: {
  store: Pick<LeaseStore, "list">;
  leases: () => Promise<Pick<Leases, "acquire" | "handOver" | "release">>;
  material: (lease: TaskLease) => Promise<LeaseMaterial>;
  isThere: (workspace: WorkspaceId) => boolean;
}): TaskLeases {
  const { store, leases, material, isThere } = ports;
  const handed = (): Handed[] =>
    store.list().filter((lease): lease is Handed => {
      const { stage, holder, workspaceId } = lease;
      return stage === "handed_over" && isTaskId(holder) && workspaceId !== undefined && isThere(workspaceId);
    });
  const of = (task: TaskId): Handed | undefined => handed().find(({ holder }) => holder === task);
  return {
    held(task) {
      const lease = of(task);
      return lease === undefined ? undefined : { lease: lease.id, workspace: lease.workspaceId };
    },
    holders: () => handed().map(({ holder }) => holder),
    async take({ id, lease: asked }, signal) {
      if (asked === undefined) throw new Error(`${id} asks for no workspace of its own`);
      const all = await orAborted(leases(), signal);
      const given = await orAborted(material(asked), signal);
      const made = await all.acquire({ ...given, project: asked.resolved.projectName, holder: id, signal });
      try {
        const { id: lease, workspaceId } = all.handOver(made, id);
        if (workspaceId === undefined) throw new Error(`the lease ${lease} has no workspace`);
        return { lease, workspace: workspaceId };
      } catch (error) {
        // Nobody would know whose it is.
        await all.release(made);
        throw error;
      }
    },
    async giveBack(task) {
      const lease = of(task);
      if (lease !== undefined) await (await leases()).release(lease);
    },
  };
}

type Handed = Lease & { holder: TaskId; workspaceId: WorkspaceId };

function isTaskId(holder: string): holder is TaskId {
  return /^task-[a-z0-9]{12}$/.test(holder);
}
