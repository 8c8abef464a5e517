import type { Grant, GrantStore } from "./credentials.ts";
import { WsError } from "./errors.ts";

/** Where values lie by name; what is read of it is never changed. */
export interface GrantMap {
  get(id: string): Grant | undefined;
  set(id: string, grant: Grant): void;
  delete(id: string): void;
  values(): Grant[];
}

/** Grants in a map, wherever that keeps them. */
export function createMapGrantStore(grants: GrantMap): GrantStore {
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
      grants.set(grant.id, grant);
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
