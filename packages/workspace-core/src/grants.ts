import type { Engine } from "./engine.ts";
import type { Repository, WorkspaceRecord } from "./workspace.ts";

/**
 * Gives a workspace the right to its own repository and its own branch, where the worker has a credential for it; a public
 * repository is cloned without one.
 */
export async function grantOwn(
  { credentials }: Engine,
  { id, execution, credentials: selection = "all" }: WorkspaceRecord,
  { url, branch }: Repository,
  signal: AbortSignal,
): Promise<void> {
  await credentials.grant(
    {
      workspace: id,
      url,
      access: "write",
      branches: branch === undefined ? [] : [branch],
      credentials: selection,
      renews: true,
      ...(execution === undefined ? {} : { execution: execution.id }),
    },
    signal,
  );
}
