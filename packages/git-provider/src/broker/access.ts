import {
  type CredentialSource,
  type Grant,
  type Repository,
  repositoryKeyOf,
  tokenOf,
  type WorkspaceId,
} from "@ws/workspace-core";
import { formatAuthority } from "../hosts.ts";
import { parseRepositoryUrl } from "../repo-url.ts";
import { checkedAddresses } from "./forge/addresses.ts";
import { askUpward } from "./ask-upward.ts";
import type { Granted, Pushing } from "./lead/granted.ts";
import type { Known } from "./push/history.ts";
import type { Network } from "./forge/network.ts";
import type { Authorize } from "./proxy.ts";
import { onlyBeginsSo } from "./forge/refusals.ts";
import { rightTo } from "./rights.ts";
import { keyOfRoute, type Route, type RoutePlace, RouteRefused } from "./protocol/routes.ts";
import type { SshForges } from "./ssh/upstream.ts";
import { createTurns } from "./limits/turns.ts";

export interface AccessOptions {
  workspace: WorkspaceId;
  repository: Repository | undefined;
  /** Serves nothing but the workspace's own repository and what it was granted: what runs there is kept off the network, and this must be no way out. */
  onlyOwn: boolean;
  network: Network;
  credentials: CredentialSource | undefined;
  /** Where objects of a repository are kept, if any are. */
  known: ((url: string) => Known) | undefined;
  /** For repositories whose right is with a key. */
  ssh: SshForges;
  /** Told the grant with which the workspace's own repository is used, or that it has ended. */
  used?: (grant: Grant | undefined) => void;
}

/**
 * Decides for each request of a workspace whether it is led, and with whose rights: with the worker's where the workspace
 * has a live grant for exactly that repository, else with none.
 */
export function createAccess({
  workspace,
  repository,
  onlyOwn,
  network,
  credentials,
  used,
  known,
  ssh,
}: AccessOptions): Authorize {
  const own = ownRepository(repository);
  const ownTurn = createTurns(1);
  const alone: Pushing["alone"] = (work) => ownTurn(() => network.inspections(work));
  return async (route) => {
    const key = keyOfRoute(route);
    const isOwn = key === own?.key;
    const { grant, had } = rightTo(credentials, workspace, key);
    if (isOwn) used?.(grant);
    if (grant === undefined && had !== undefined) throw ended(had);
    const host = formatAuthority(route.authority);
    // Only what was granted is led here, and what git takes for more of the same name.
    if (grant === undefined && route.ssh !== undefined) throw onlyBeginsSo(route, route.ssh);
    if (grant === undefined && onlyOwn && !isOwn) throw notOwn(key, own?.key);
    const allowPrivate = network.allowPrivateAddresses || grant !== undefined || host === own?.host;
    const addresses = await checkedAddresses(route.authority.host, { lookup: network.lookup, allowPrivate });
    if (credentials === undefined || grant === undefined) return { addresses, allowPrivate };
    const granted = grantedBy(credentials, grant, { route, network, known, key, alone, ssh });
    return { addresses, allowPrivate, granted };
  };
}

function grantedBy(
  credentials: CredentialSource,
  grant: Grant,
  {
    route,
    network,
    known,
    key,
    alone,
    ssh,
  }: Pick<AccessOptions, "network" | "known" | "ssh"> & { route: Route; key: string; alone: Pushing["alone"] },
): Granted {
  const live = (): Grant => {
    const { grant: found, had = grant } = rightTo(credentials, grant.workspace, key);
    if (found === undefined) throw ended(had);
    return found;
  };
  const isKey = grant.credential.type === "ssh_key";
  if (isKey && route.kind === "lfs") return { secret: lfsSecret(credentials, live, route), rules: live };
  const secret: Granted["secret"] = isKey
    ? async () => undefined
    : async (options) => tokenOf(await credentials.secret(live(), options));
  const upstream = ssh.to({ url: grant.url, secret: (signal) => credentials.secret(live(), { signal }) });
  const way = { secret, rules: live, ...(isKey && { upstream }) };
  if (route.kind === "lfs" || route.service !== "receive-pack" || grant.access !== "write") return way;
  const url = isKey ? grant.url : asSpelled(route);
  return {
    ...way,
    pushing: {
      scratch: network.scratch,
      freeBytes: network.freeBytes,
      account: network.account,
      alone,
      ...(known && { known: known(grant.url) }),
      upward: ({ directory }, { objectFormat }, signal) =>
        askUpward({ directory, objectFormat, network, url, ...way, signal }),
    },
  };
}

/** Large files go over HTTPS whatever git itself does, which a key does not open. */
function lfsSecret(credentials: CredentialSource, live: () => Grant, { authority }: Route): Granted["secret"] {
  const { credential, apiCredential, url } = live();
  if (authority.port !== undefined) {
    throw new RouteRefused(
      403,
      `Workspace does not lead there: Git LFS goes over https, and where ${authority.host} has that is not known by ${url}, whose port is that of SSH. Clone the repository's https URL.`,
    );
  }
  if (apiCredential === undefined) {
    throw new RouteRefused(
      403,
      `Workspace cannot log in: Git LFS needs a token of ${authority.host}, and the right to ${url} is with the SSH key '${credential.id}' alone. Give the worker one, 'ws credential set NAME --host ${authority.host}', then the workspace its right anew: 'ws credential grant'.`,
    );
  }
  return async (options) => tokenOf(await credentials.secret(live(), { ...options, purpose: "api" }));
}

/** As git spelled it, which the forge answered: not every forge knows a repository with and without `.git`. */
function asSpelled({ authority, repository }: RoutePlace): string {
  return `https://${formatAuthority(authority)}/${repository}`;
}

function ended({ url, revokedAt, expiresAt, withheld }: Grant): RouteRefused {
  if (withheld === true) {
    return new RouteRefused(
      403,
      `Workspace cannot log in: its grant for ${url} rests, because no credential that it may use opens that. Choose one on the worker: 'ws update WORKSPACE --credentials NAMES'.`,
    );
  }
  const end = revokedAt === undefined ? `expired at ${new Date(expiresAt).toISOString()}` : "was revoked";
  return new RouteRefused(
    403,
    `Workspace cannot log in: its grant for ${url} ${end}. Give it a new one on the worker: 'ws credential grant WORKSPACE ${url}'.`,
  );
}

function notOwn(asked: string, own: string | undefined): RouteRefused {
  const only = own === undefined ? "no repository of its own" : `only its own repository, ${own}`;
  return new RouteRefused(
    403,
    `Workspace does not lead there: a workspace with the profile 'agent' has ${only}; it may not reach ${asked}.`,
  );
}

/** A forge on the worker's own network is reached only as that of the repository for which the workspace was made. */
function ownRepository(repository: Repository | undefined): { host: string; key: string } | undefined {
  if (repository === undefined) return undefined;
  return { key: repositoryKeyOf(repository.url), host: formatAuthority(parseRepositoryUrl(repository.url)) };
}
