import { createMapGrantStore, frozen, type Grant, type GrantStore } from "@ws/workspace-core";

/** Grants that are forgotten when the process ends. */
export function createMemoryGrantStore(): GrantStore {
  const grants = new Map<string, Grant>();
  return createMapGrantStore({
    get: (id) => grants.get(id),
    set: (id, grant) => void grants.set(id, frozen(structuredClone(grant))),
    delete: (id) => void grants.delete(id),
    values: () => [...grants.values()],
  });
}
