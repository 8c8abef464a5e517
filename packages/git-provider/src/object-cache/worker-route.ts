import type { CredentialSource, WorkspaceId } from "@ws/workspace-core";
import type { Network } from "../broker/network.ts";
import { openWorkerForward } from "../broker/worker-forward.ts";
import type { GitWay } from "../worker-git/environment.ts";

/** The way of the worker's own git to a repository, until it is disposed. */
export type WorkerRoute = GitWay & AsyncDisposable;

export interface WorkerRoutes {
  /** In this workspace's right to the repository, and no other's. */
  open(url: string, workspace: WorkspaceId): Promise<WorkerRoute>;
  /** What tells apart those whom the server may answer differently: whoever has the same shares a fetch. */
  authority(url: string, workspace: WorkspaceId): string;
}

/** Routes through the worker's forward, which adds what the forge is shown, so that git never has it. */
export function createWorkerRoutes(
  network: Network,
  credentials: Pick<CredentialSource, "find" | "secret"> | undefined,
): WorkerRoutes {
  return {
    open(url, workspace) {
      const grant = credentials?.find(workspace, url);
      if (credentials === undefined || grant === undefined) return openWorkerForward({ network, url });
      return openWorkerForward({ network, url, secret: (options) => credentials.secret(grant, options) });
    },
    authority: (url, workspace) => credentials?.find(workspace, url)?.credential.id ?? "",
  };
}
