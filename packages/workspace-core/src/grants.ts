import type { Engine } from "./engine.ts";
import { isWsError, WsError } from "./errors.ts";
import type { Repository, WorkspaceRecord } from "./workspace.ts";

/**
 * Gives a workspace the right to its own repository and its own branch, where the worker has a credential for it; a public
 * repository is cloned without one. Resolves to why there is none, where that can be said.
 */
export async function grantOwn(
  { credentials }: Engine,
  { id, execution, credentials: selection = "all" }: WorkspaceRecord,
  { url, branch }: Repository,
  signal: AbortSignal,
): Promise<WsError | undefined> {
  let lacking: WsError | undefined;
  const grant = await credentials.grant(
    {
      workspace: id,
      url,
      access: "write",
      branches: branch === undefined ? [] : [branch],
      credentials: selection,
      renews: true,
      without: (reason) => (lacking = reason),
      ...(execution === undefined ? {} : { execution: execution.id }),
    },
    signal,
  );
  return grant === undefined ? lacking : undefined;
}

/** The failure of a clone that nobody may make without a credential, with why there was none. */
export function withReason(error: unknown, lacking: WsError | undefined): unknown {
  if (lacking === undefined || !isWsError(error, "authentication_failed")) return error;
  return new WsError("authentication_failed", {
    message: `${error.message} ${lacking.message}`,
    ...(lacking.next === undefined ? {} : { next: lacking.next }),
    data: error.data,
    cause: error,
  });
}
