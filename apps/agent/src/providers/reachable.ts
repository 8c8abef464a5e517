import type { ReachableRepository } from "@ws/rpc-contract";
import { type Forge, type ForgeRepositorySummary, WsError } from "@ws/workspace-core";
import type { ForgeCredentials } from "../runtimes/forge-credentials.ts";

export interface ReachableAsk {
  search?: string | undefined;
  perPage?: number | undefined;
  page?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** What the worker's own token or login reaches, else what its GitHub App is installed on. Throws `forge_unknown`, and what the forge says. */
export type Reachable = (
  ask: ReachableAsk,
) => Promise<{ configured: boolean; repositories: ReachableRepository[]; hasMore: boolean }>;

export function createReachable(options: {
  forges: () => Promise<readonly Forge[]>;
  credentials: () => Promise<Pick<ForgeCredentials, "secretOf" | "installedOf">>;
  /** The host of the worker's GitHub. */
  host: () => string;
}): Reachable {
  let loading: Promise<readonly Forge[]> | undefined;
  // One of each for the agent's life: it remembers for a while what it listed.
  const loaded = (): Promise<readonly Forge[]> =>
    (loading ??= options.forges().catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));

  return async ({ search, perPage = 30, page = 1, signal }) => {
    const host = options.host();
    const credentials = await options.credentials();
    const secret = credentials.secretOf(host);
    if (secret === undefined) {
      const installed = credentials.installedOf(host);
      if (installed === undefined) return { configured: false, repositories: [], hasMore: false };
      return { configured: true, ...pageOf(await installed(signal), { search, perPage, page }) };
    }
    const url = `https://${host}`;
    const forge = (await loaded()).find((one) => one.serves(`${url}/owner/name`));
    if (forge === undefined) {
      throw new WsError("forge_unknown", { message: `'${url}' is no forge that can be asked.`, data: { url } });
    }
    const { repositories, hasMore } = await forge.repositories(secret, {
      perPage,
      page,
      ...(search === undefined ? {} : { search }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { configured: true, repositories: repositories.map(show), hasMore };
  };
}

/** An app's list is one of several installations, which the forge cannot be asked for at once. */
function pageOf(
  all: readonly ForgeRepositorySummary[],
  { search = "", perPage, page }: { search: string | undefined; perPage: number; page: number },
) {
  const words = search.toLowerCase().split(/\s+/);
  const found = all.filter(({ fullName, description }) => {
    const text = `${fullName} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const end = page * perPage;
  return { repositories: found.slice(end - perPage, end).map(show), hasMore: found.length > end };
}

function show({ updatedAt, ...repository }: ForgeRepositorySummary): ReachableRepository {
  return { ...repository, updated: new Date(updatedAt).toISOString() };
}
