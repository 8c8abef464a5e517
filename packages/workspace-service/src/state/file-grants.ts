import { WsError, type Grant, type GrantStore } from "@ws/workspace-core";
import { openFileMap } from "./file-map.ts";
import type { Reserve } from "./reserve.ts";

/** The grants of workspaces as files, one each; they hold no secret. For one process at a time. */
export function createFileGrantStore(directory: string, insist: Reserve["insist"] = (work) => work()): GrantStore {
  const grants = openFileMap<Grant>(directory);
  return {
    insert(grant) {
      if (grants.get(grant.id) !== undefined) throw new Error(`there is a grant ${grant.id} already`);
      grants.set(grant.id, grant);
    },
    update(grant) {
      if (grants.get(grant.id) === undefined) {
        throw new WsError("credential_not_found", {
          message: `There is no grant ${grant.id}.`,
          data: { credential: grant.id },
        });
      }
      const write = (): void => grants.set(grant.id, grant);
      if (grant.revokedAt === undefined) write();
      else insist(write);
    },
    get: (id) => grants.get(id),
    list: ({ workspace, execution } = {}) =>
      grants
        .values()
        .filter((grant) => workspace === undefined || grant.workspace === workspace)
        .filter((grant) => execution === undefined || grant.execution === execution)
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)),
    forget(before) {
      for (const { id, revokedAt, expiresAt, renewsMs } of grants.values()) {
        const ended = revokedAt ?? (renewsMs === undefined ? expiresAt : Infinity);
        if (ended < before) grants.delete(id);
      }
    },
  };
}
