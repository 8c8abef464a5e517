import { frozen, WsError, type Grant, type GrantStore } from "@ws/workspace-core";

/** Grants that are forgotten when the process ends. */
export function createMemoryGrantStore(): GrantStore {
  const grants = new Map<string, Grant>();
  const keep = (grant: Grant): void => {
    grants.set(grant.id, frozen(structuredClone(grant)));
  };
  return {
    insert(grant) {
      if (grants.has(grant.id)) throw new Error(`there is a grant ${grant.id} already`);
      keep(grant);
    },
    update(grant) {
      if (!grants.has(grant.id)) {
        throw new WsError("credential_not_found", {
          message: `There is no grant ${grant.id}.`,
          data: { credential: grant.id },
        });
      }
      keep(grant);
    },
    get: (id) => grants.get(id),
    list: ({ workspace, execution } = {}) =>
      [...grants.values()]
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
