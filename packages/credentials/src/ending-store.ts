import { toWsError, type Grant, type GrantStore, type Log } from "@ws/workspace-core";

/**
 * A store in which a right ends also where that cannot be written, on a full disk for example: in memory at once, and written down with
 * the next change that can be.
 */
export function createEndingStore(store: GrantStore, log: Pick<Log, "warn">): GrantStore {
  const unwritten = new Map<string, Grant>();
  const current = (grant: Grant): Grant => unwritten.get(grant.id) ?? grant;

  function writeAgain(): void {
    for (const [id, grant] of unwritten) {
      try {
        if (store.get(id) !== undefined) store.update(grant);
        unwritten.delete(id);
      } catch {
        return;
      }
    }
  }

  return {
    insert(grant) {
      writeAgain();
      store.insert(grant);
    },
    update(grant) {
      writeAgain();
      // What has ended stays so, whatever somebody read before.
      if (unwritten.has(grant.id)) return;
      try {
        store.update(grant);
      } catch (error) {
        if (grant.revokedAt === undefined || store.get(grant.id) === undefined) throw error;
        unwritten.set(grant.id, Object.freeze({ ...grant }));
        const { message } = toWsError(error);
        log.warn("the end of a right could not be written down; it has ended all the same", {
          workspace: grant.workspace,
          reason: message,
        });
      }
    },
    get(id) {
      const grant = store.get(id);
      return grant === undefined ? undefined : current(grant);
    },
    list: (options) => store.list(options).map(current),
    forget(before) {
      writeAgain();
      store.forget(before);
    },
  };
}
