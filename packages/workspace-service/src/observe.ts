import type { CredentialSource, Grant, Store, WorkspaceId, WorkspaceRecord } from "@ws/workspace-core";
import type { Emitter } from "./events.ts";

export interface StoreObserver {
  /** Hears of each workspace that is cleaned up. */
  gone(workspace: WorkspaceId): void;
  /** Hears of each that is finalized no more, however that ended. */
  finalized(workspace: WorkspaceId): void;
}

/** The store, telling what its changes mean. */
export function observedStore(store: Store, emit: Emitter["emit"], { gone, finalized }: StoreObserver): Store {
  function written(before: WorkspaceRecord | undefined, after: WorkspaceRecord): void {
    const { id, execution, phase, pullRequest, failure, repository } = after;
    const about = { workspaceId: id, ...(execution === undefined ? {} : { executionId: execution.id }) };
    if (pullRequest !== undefined && pullRequest.number !== before?.pullRequest?.number) {
      emit({ type: "pr:created", ...about, data: { number: pullRequest.number, url: pullRequest.url } });
    }
    if (pullRequest?.state === "merged" && before?.pullRequest?.state !== "merged") {
      emit({ type: "pr:merged", ...about, data: { number: pullRequest.number, url: pullRequest.url } });
    }
    if (failure !== undefined && failure.at !== before?.failure?.at) {
      const { code, step } = failure;
      emit({ type: "workspace:error", ...about, error: failure.message, data: { code, step } });
    }
    if (before?.finalizing !== undefined && after.finalizing === undefined) finalized(id);
    if (phase === before?.phase) return;
    const data = { repo: repository?.url ?? "", branch: repository?.branch ?? "" };
    if (phase === "provisioning") emit({ type: "workspace:provisioning", ...about, data });
    if (phase === "ready" && before?.phase === "provisioning") emit({ type: "workspace:ready", ...about, data });
    if (phase === "finalizing") emit({ type: "workspace:finalizing", ...about, data });
    if (phase !== "cleaned_up") return;
    gone(id);
    emit({ type: "workspace:cleaned_up", ...about, data });
  }

  return {
    ...store,
    insert(record) {
      store.insert(record);
      written(undefined, record);
    },
    update(record) {
      const before = store.get(record.id);
      store.update(record);
      written(before, record);
    },
  };
}

/** The source, telling whom it gives rights and takes them from; `ended` hears of each workspace that loses all of its own. */
export function observedSource(
  source: CredentialSource,
  emit: Emitter["emit"],
  ended: (workspace: WorkspaceId) => void,
): CredentialSource {
  const about = ({ id, workspace, execution, credential, url, access }: Grant) => ({
    workspaceId: workspace,
    credentialId: id,
    ...(execution === undefined ? {} : { executionId: execution }),
    data: { provider: credential.provider, host: credential.host, type: credential.type, repo: url, access },
  });
  return {
    async grant(request, signal) {
      const before = new Set(source.list({ workspace: request.workspace }).map(({ id }) => id));
      const grant = await source.grant(request, signal);
      if (grant !== undefined && !before.has(grant.id)) emit({ type: "credential:granted", ...about(grant) });
      return grant;
    },
    find: (workspace, url) => source.find(workspace, url),
    secret: (grant, options) => source.secret(grant, options),
    async revoke(workspace) {
      const revoked = await source.revoke(workspace);
      ended(workspace);
      for (const grant of revoked) emit({ type: "credential:revoked", ...about(grant) });
      return revoked;
    },
    async withhold(grants) {
      const live = new Set(source.list().map(({ id }) => id));
      await source.withhold(grants);
      for (const grant of grants) if (live.has(grant.id)) emit({ type: "credential:revoked", ...about(grant) });
    },
    list: (options) => source.list(options),
  };
}
