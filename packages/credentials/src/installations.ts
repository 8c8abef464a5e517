import { repositoryKey, WsError, type Clock, type RepositoryPlace } from "@ws/workspace-core";
import { suspended, type AppAuthentication } from "./app-authentication.ts";
import { isGitHubItself, refusalOf } from "./github-request.ts";
import { installedRepositories, type Listed } from "./installed-repositories.ts";
import { ownerAndName } from "./repository.ts";
import { createSharedWork } from "./shared-work.ts";

export interface Installation {
  id: number;
  /** What its owner allowed it. */
  permissions: Readonly<Record<string, string>>;
  /** The repository's, where it was met; it stays through renames. */
  repositoryId?: number;
  repositoryName: string;
}

export interface Installations {
  /** The one that a repository belongs to. Throws `credential_missing`, `credential_rejected`. */
  of(repository: RepositoryPlace, signal?: AbortSignal): Promise<Installation>;
  /** Whether it is known without asking. */
  remembers(repository: RepositoryPlace): boolean;
  /** What was found is asked for again. */
  forget(repository: RepositoryPlace): void;
}

/** An app that is not installed somewhere is installed there soon enough, and nobody should wait an hour for it to be seen. */
const ABSENT_MS = 30_000;
const PRESENT_MS = 60 * 60_000;

/** Finds installations, and remembers them for a while. */
export function createInstallations(
  load: () => Promise<AppAuthentication>,
  host: string,
  clock: Pick<Clock, "now">,
): Installations {
  const known = new Map<string, { found: Installation | undefined; until: number }>();
  const finding = createSharedWork<Installation | undefined>();
  /** Whether what is not found directly is not there at all. */
  let answersDirectly = isGitHubItself(host);

  async function find(repository: RepositoryPlace, signal: AbortSignal): Promise<Installation | undefined> {
    const names = ownerAndName(repository);
    if (names === undefined) return undefined;
    const { owner, name } = names;
    const app = await load();
    try {
      const { data } = await app.asApp("GET /repos/{owner}/{repo}/installation", {
        owner,
        repo: name,
        request: { signal },
      });
      answersDirectly = true;
      return installationOf(data, { repositoryName: name });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal?.status !== 404 || /integration not found/i.test(refusal.text)) throw error;
    }
    return answersDirectly ? undefined : searchAll(app, `${owner}/${name}`, signal);
  }

  /** Through every repository of every installation, for forges that do not answer the direct question. */
  async function searchAll(
    app: AppAuthentication,
    fullName: string,
    signal: AbortSignal,
  ): Promise<Installation | undefined> {
    for await (const { installation, repository } of installedRepositories(app, signal)) {
      const { id, name, full_name: full } = repository;
      if (full.toLowerCase() === fullName.toLowerCase())
        return installationOf(installation, { repositoryId: Number(id), repositoryName: name });
    }
    return undefined;
  }

  function installationOf(
    { id, permissions = {}, suspended_at: since }: Listed,
    repository: Pick<Installation, "repositoryId" | "repositoryName">,
  ): Installation {
    if (typeof since === "string") throw suspended(host, `since ${since}`);
    return { id: Number(id), permissions, ...repository };
  }

  return {
    async of(repository, signal) {
      const key = repositoryKey(repository);
      const remembered = known.get(key);
      if (remembered !== undefined && remembered.until > clock.now()) return orMissing(remembered.found, repository);
      const found = await finding.run(key, (ending) => find(repository, ending), signal);
      known.set(key, { found, until: clock.now() + (found === undefined ? ABSENT_MS : PRESENT_MS) });
      return orMissing(found, repository);
    },
    remembers: (repository) => (known.get(repositoryKey(repository))?.until ?? 0) > clock.now(),
    forget(repository) {
      known.delete(repositoryKey(repository));
    },
  };
}

function orMissing(found: Installation | undefined, repository: RepositoryPlace): Installation {
  if (found !== undefined) return found;
  throw new WsError("credential_missing", {
    message: `The GitHub App is not installed on ${repositoryKey(repository)}, or that repository does not exist.`,
    next: `Its owner can install it there, or add the repository to an installation: on ${repository.host}, under 'Settings', 'Applications'.`,
    data: { host: repository.host },
  });
}
