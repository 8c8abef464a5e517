import { WsError } from "../errors.ts";
import { frozen } from "../frozen.ts";
import type { Lease, LeaseStore } from "../leases/lease.ts";
import type { WorkspaceId } from "../workspace.ts";

/** Leases that are forgotten when the process ends; they pass the same suite as the durable ones. */
export function createMemoryLeaseStore(): LeaseStore {
  const live = new Map<string, Lease>();
  const workspaces = new Map<string, WorkspaceId>();
  const released = new Map<string, string>();
  let token = 0;
  const key = (project: string, number: number): string => `${project} ${number}`;
  const list = (project?: string): Lease[] =>
    [...live.values()]
      .filter((lease) => project === undefined || lease.project === project)
      .sort((a, b) => (a.project < b.project ? -1 : a.project > b.project ? 1 : a.number - b.number));
  const keep = (lease: Lease): Lease => {
    const kept = frozen(structuredClone(lease));
    live.set(lease.id, kept);
    if (lease.workspaceId !== undefined) workspaces.set(key(lease.project, lease.number), lease.workspaceId);
    return kept;
  };
  return {
    acquire({ id, project, holder, at, nameOf, limit, without }) {
      const taken = new Set(list(project).map(({ number }) => number));
      if (limit !== undefined && taken.size >= limit) return undefined;
      let number = 1;
      while (taken.has(number) || without.has(number)) number += 1;
      released.delete(key(project, number));
      token += 1;
      const times = { createdAt: at, updatedAt: at };
      return keep({ id, project, number, holder, token, stage: "acquired", workspace: nameOf(number), ...times });
    },
    update(lease) {
      if (live.get(lease.id)?.token !== lease.token) throw leaseOver(lease);
      keep(lease);
    },
    release(id, given) {
      const lease = live.get(id);
      if (lease?.token !== given) return false;
      released.set(key(lease.project, lease.number), id);
      return live.delete(id);
    },
    get: (id) => live.get(id),
    wasReleased: (id) => [...released.values()].includes(id),
    list,
    lastWorkspace: (project, number) => workspaces.get(key(project, number)),
  };
}

function leaseOver({ id, project }: Lease): WsError<"lease_failed"> {
  return new WsError("lease_failed", {
    message: `The lease ${id} is over.`,
    next: "Ask for another one.",
    data: { project, stage: "recovery" },
  });
}
