import type { ReachableRepository } from "@ws/rpc-contract";
import { type Forge, WsError } from "@ws/workspace-core";
import type { ForgeCredentials } from "../runtimes/forge-credentials.ts";

export interface ReachableAsk {
  search?: string | undefined;
  perPage?: number | undefined;
  page?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** What the worker's own token or login reaches. Throws `forge_unknown`, and what the forge says. */
export type Reachable = (
  ask: ReachableAsk,
) => Promise<{ configured: boolean; repositories: ReachableRepository[]; hasMore: boolean }>;

export function createReachable(options: {
  forges: () => Promise<readonly Forge[]>;
  credentials: () => Promise<Pick<ForgeCredentials, "secretOf">>;
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
    const secret = (await options.credentials()).secretOf(host);
    if (secret === undefined) return { configured: false, repositories: [], hasMore: false };
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

function show({ updatedAt, ...repository }: Awaited<ReturnType<Forge["repositories"]>>["repositories"][number]) {
  return { ...repository, updated: new Date(updatedAt).toISOString() };
}
