import { type AskSecret, type CredentialSource, type Grant, tokenOf, type WorkspaceId } from "@ws/workspace-core";
import type { Network } from "../broker/forge/network.ts";
import { createSshForges } from "../broker/ssh/upstream.ts";
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
  async function openByKey(grant: Grant, { secret }: Pick<CredentialSource, "secret">): Promise<WorkerRoute> {
    await using opening = new AsyncDisposableStack();
    const { url } = grant;
    const ssh = opening.use(createSshForges(network));
    const upstream = ssh.to({ url, secret: (signal) => secret(grant, { signal }) });
    const forward = opening.use(await openWorkerForward({ network, url, secret: async () => undefined, upstream }));
    const opened = opening.move();
    const { protocol, settings } = forward;
    return { protocol, settings, [Symbol.asyncDispose]: () => opened.disposeAsync() };
  }

  return {
    async open(url, workspace) {
      const grant = credentials?.find(workspace, url);
      if (credentials === undefined || grant === undefined) return openWorkerForward({ network, url });
      if (grant.credential.type === "ssh_key") return openByKey(grant, credentials);
      const secret: AskSecret = async (options) => tokenOf(await credentials.secret(grant, options));
      return openWorkerForward({ network, url, secret });
    },
    authority: (url, workspace) => credentials?.find(workspace, url)?.credential.id ?? "",
  };
}
