import {
  isWsError,
  type LeasedWorkspaces,
  type Log,
  orAborted,
  type WorkspaceId,
  type WorkspaceRecord,
  type Workspaces,
} from "@ws/workspace-core";

type LeasedOf = Pick<Workspaces, "list" | "create" | "start" | "cleanup">;

/** The worker's workspaces as leases use them: a new one for each lease, so that nothing of an earlier holder is in it. */
export function leasedWorkspaces(workspaces: LeasedOf, log: Log): LeasedWorkspaces {
  const find = (fits: (record: WorkspaceRecord) => boolean): WorkspaceRecord | undefined =>
    workspaces.list().find(fits);

  async function discard(id: WorkspaceId): Promise<{ kept: false } | { kept: true; holds: string }> {
    const record = find((one) => one.id === id);
    if (record === undefined) return { kept: false };
    try {
      const cleaned = await workspaces.cleanup(record.name, { reason: "its lease is over" });
      return cleaned.kept ? { kept: true, holds: cleaned.holder } : { kept: false };
    } catch (error) {
      if (isWsError(error, "workspace_not_found")) return { kept: false };
      throw error;
    }
  }

  /** The lease is given up by then and knows nothing of it: what is made for nobody would stay for ever. */
  async function discardLate(creating: Promise<WorkspaceRecord>, key: string): Promise<void> {
    await creating.catch(() => undefined);
    // Also what failed half-way has a record.
    const record = find(({ request }) => request?.key === key);
    if (record === undefined) return;
    try {
      await discard(record.id);
    } catch (error) {
      log.warn("a workspace that was made for a cancelled lease could not be removed", { workspace: record.id, error });
    }
  }

  return {
    find(name) {
      const record = find((one) => one.name === name);
      if (record === undefined) return undefined;
      return { id: record.id, ...(record.request === undefined ? {} : { key: record.request.key }) };
    },
    async create({ name, key, cloneUrl, checkout, profile }, signal) {
      const creating = workspaces.create({
        name,
        key,
        clone: cloneUrl,
        ...checkout,
        ...(profile === undefined ? {} : { profile }),
      });
      try {
        return (await orAborted(creating, signal)).id;
      } catch (error) {
        if (signal?.aborted === true) void discardLate(creating, key);
        throw error;
      }
    },
    async prepare(name, env, signal) {
      await orAborted(workspaces.start(name, { env: { ...env } }), signal);
    },
    directory: (name) => find((one) => one.name === name)?.directory,
    discard,
  };
}
