import { isWsError, type LeasedWorkspaces, orAborted, type WorkspaceRecord, type Workspaces } from "@ws/workspace-core";

/** The worker's workspaces as leases use them: a new one for each lease, so that nothing of an earlier holder is in it. */
export function leasedWorkspaces(workspaces: Workspaces): LeasedWorkspaces {
  const find = (fits: (record: WorkspaceRecord) => boolean): WorkspaceRecord | undefined =>
    workspaces.list().find(fits);
  return {
    find(name) {
      const record = find((one) => one.name === name);
      if (record === undefined) return undefined;
      return { id: record.id, ...(record.request === undefined ? {} : { key: record.request.key }) };
    },
    async create({ name, key, cloneUrl, checkout }, signal) {
      const record = await orAborted(workspaces.create({ name, key, clone: cloneUrl, ...checkout }), signal);
      return record.id;
    },
    async prepare(name, env, signal) {
      await orAborted(workspaces.start(name, { env: { ...env } }), signal);
    },
    directory: (name) => find((one) => one.name === name)?.directory,
    async discard(id) {
      const record = find((one) => one.id === id);
      if (record === undefined) return { kept: false };
      try {
        const cleaned = await workspaces.cleanup(record.name, { reason: "its lease is over" });
        return cleaned.kept ? { kept: true, holds: cleaned.holder } : { kept: false };
      } catch (error) {
        if (isWsError(error, "workspace_not_found")) return { kept: false };
        throw error;
      }
    },
  };
}
