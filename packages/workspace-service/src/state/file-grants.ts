import { createMapGrantStore, type Grant, type GrantStore } from "@ws/workspace-core";
import { openFileMap } from "./file-map.ts";
import type { Reserve } from "./reserve.ts";

/** The grants of workspaces as files, one each; they hold no secret. For one process at a time. */
export function createFileGrantStore(directory: string, insist: Reserve["insist"] = (work) => work()): GrantStore {
  const files = openFileMap<Grant>(directory);
  return createMapGrantStore({
    ...files,
    set(id, grant) {
      // A right has to end on a full disk, too.
      if (grant.revokedAt === undefined) files.set(id, grant);
      else insist(() => files.set(id, grant));
    },
  });
}
