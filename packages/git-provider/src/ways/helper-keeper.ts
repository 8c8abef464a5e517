import {
  type Box,
  type CredentialSource,
  type Grant,
  isWsError,
  type Log,
  type Repository,
  repositoryKeyOf,
} from "@ws/workspace-core";
import { rightTo } from "../broker/rights.ts";
import { askedFor, type HelperOf, installHelper, removeHelper } from "./credential-helper.ts";

export type HelperScript = (of: HelperOf) => string;

export interface HelperKeeper {
  /** Writes it as the grant is now, or removes it where there is none any more. Rejects only where it is aborted. */
  keep(signal?: AbortSignal): Promise<void>;
  /** To be told the grant at each use: a renewed one is written anew, in its own time. */
  used(grant: Grant | undefined): void;
}

/** Keeps the helper script of a workspace's repository as its grant is; a failure is a line in the log. */
export function createHelperKeeper(
  box: Box,
  options: {
    repository: Repository;
    capability: string;
    credentials: CredentialSource;
    helperScript: HelperScript;
    log: Log;
  },
): HelperKeeper {
  const { repository, capability, credentials, helperScript, log } = options;
  const { url } = repository;
  let written: number | undefined;
  let keeping: Promise<void> = Promise.resolve();

  async function write(signal: AbortSignal | undefined): Promise<void> {
    const place = { directory: box.repositoryDirectory(repository.name), url, ...(signal && { signal }) };
    try {
      const { grant } = rightTo(credentials, box.id, repositoryKeyOf(url));
      written = grant?.expiresAt;
      if (grant === undefined) return await removeHelper(box, place);
      const { workspace, execution, expiresAt } = grant;
      const of = { workspace, expiresAt, protocol: "https" as const, ...askedFor(url), capability };
      await installHelper(box, place, helperScript({ ...of, ...(execution === undefined ? {} : { execution }) }));
    } catch (error) {
      signal?.throwIfAborted();
      // Not cloned yet, or gone: either way there is nothing that could use it.
      if (isWsError(error, "file_not_found") || isWsError(error, "box_closed")) return;
      log.info("a workspace has no credential helper", { workspace: box.id, error: String(error) });
    }
  }

  function keep(signal?: AbortSignal): Promise<void> {
    const next = keeping.then(() => write(signal));
    keeping = next.catch(() => undefined);
    return next;
  }

  return {
    keep,
    used(grant) {
      if (grant?.expiresAt !== written) void keep();
    },
  };
}
