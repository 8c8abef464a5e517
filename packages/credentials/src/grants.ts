import {
  isWsError,
  repositoryAt,
  repositoryKeyOf,
  type Access,
  type Clock,
  type Grant,
  type GrantRequest,
  type GrantStore,
  type WorkspaceId,
} from "@ws/workspace-core";
import { ttlMs, type TtlLimits } from "./ttl.ts";

/** What a right no longer holds. */
export interface NarrowerGrant {
  force?: false;
  /** Those that it may not be pushed to any more. */
  without?: readonly string[];
}

/** What the store of grants means: who may do what just now. */
export interface Grants {
  /** Throws `invalid_input`. Nothing is written. */
  check(request: Pick<GrantRequest, "ttlSeconds" | "url">): void;
  /** The right itself; one that the workspace has already becomes wider, never narrower. */
  give(request: Omit<GrantRequest, "credentials">, using: Pick<Grant, "credential" | "apiCredential">): Grant;
  /** Takes a part of it back; one that has ended already is left alone. */
  narrow(id: string, less: NarrowerGrant): void;
  /** A live one, renewed where it renews and that is due. */
  find(workspace: WorkspaceId, url: string): Grant | undefined;
  /** As the store has it now, renewed where due; undefined once it has ended. */
  live(id: string): Grant | undefined;
  /** Writes down that it was used, now and then. */
  used(grant: Grant): void;
  /** Ends those that have not ended, and gives those of them that were live; what was withheld does not come back from then on. */
  end(grants: readonly Grant[]): Grant[];
  /** Ends those that are live until their workspace has a credential again that opens them; gives them. */
  withhold(grants: readonly Grant[]): Grant[];
  isLive(grant: Grant): boolean;
}

/** Writing down every request of a clone would be a disk write per request. */
const USE_GRANULARITY_MS = 60_000;
const KEPT_MS = 30 * 24 * 60 * 60_000;

export function createGrants({
  store,
  clock,
  ttl,
  newId,
}: {
  store: GrantStore;
  clock: Pick<Clock, "now">;
  ttl: TtlLimits;
  newId: () => string;
}): Grants {
  function isLive({ revokedAt, expiresAt, renewsMs }: Grant): boolean {
    return revokedAt === undefined && (renewsMs !== undefined || expiresAt > clock.now());
  }

  function change(grant: Grant): Grant {
    store.update(grant);
    return grant;
  }

  /** What a full disk cannot keep is no reason to refuse a right that exists. */
  function note(grant: Grant): Grant {
    try {
      return change(grant);
    } catch (error) {
      if (!isWsError(error, "disk_full")) throw error;
      return grant;
    }
  }

  function renewed(grant: Grant): Grant {
    const { renewsMs, expiresAt } = grant;
    if (renewsMs === undefined || expiresAt - clock.now() > renewsMs / 2) return grant;
    return note({ ...grant, expiresAt: clock.now() + renewsMs });
  }

  function find(workspace: WorkspaceId, url: string): Grant | undefined {
    const key = repositoryKeyOf(url);
    const found = store.list({ workspace }).findLast((grant) => isLive(grant) && repositoryKeyOf(grant.url) === key);
    return found === undefined ? undefined : renewed(found);
  }

  /** What was withheld of a repository has nothing to come back for. */
  function keepAway(workspace: WorkspaceId, url: string): void {
    const key = repositoryKeyOf(url);
    for (const { withheld, ...grant } of store.list({ workspace })) {
      if (withheld === true && repositoryKeyOf(grant.url) === key) change(grant);
    }
  }

  return {
    check({ ttlSeconds, url }) {
      repositoryAt(url);
      ttlMs(ttlSeconds, ttl);
    },
    give({ ttlSeconds, renews = false, ...request }, using) {
      const now = clock.now();
      const lasts = ttlMs(ttlSeconds, ttl);
      const present = find(request.workspace, request.url);
      if (present !== undefined) {
        const { apiCredential: _before, url, ...rest } = present;
        keepAway(request.workspace, request.url);
        return change({
          ...rest,
          // A key leads nowhere by https.
          url: repositoryAt(url).protocol === repositoryAt(request.url).protocol ? url : request.url,
          access: wider(present.access, request.access),
          branches: [...new Set([...present.branches, ...request.branches])],
          force: present.force || request.force === true,
          tags: present.tags || request.tags === true,
          workflows: present.workflows || request.workflows === true,
          ...(request.execution === undefined ? {} : { execution: request.execution }),
          ...(renews ? { renewsMs: lasts } : {}),
          expiresAt: Math.max(present.expiresAt, now + lasts),
          ...using,
        });
      }
      store.forget(now - KEPT_MS);
      const grant: Grant = {
        id: newId(),
        workspace: request.workspace,
        url: request.url,
        access: request.access,
        branches: [...request.branches],
        force: request.force === true,
        tags: request.tags === true,
        workflows: request.workflows === true,
        ...using,
        createdAt: now,
        expiresAt: now + lasts,
        ...(request.execution === undefined ? {} : { execution: request.execution }),
        ...(renews ? { renewsMs: lasts } : {}),
      };
      store.insert(grant);
      keepAway(request.workspace, request.url);
      return grant;
    },
    narrow(id, { force = true, without = [] }) {
      const grant = store.get(id);
      if (grant === undefined || (grant.revokedAt !== undefined && grant.withheld !== true)) return;
      const branches = grant.branches.filter((name) => !without.includes(name));
      if ((grant.force && !force) || branches.length < grant.branches.length)
        change({ ...grant, force: grant.force && force, branches });
    },
    find,
    live(id) {
      const grant = store.get(id);
      return grant !== undefined && isLive(grant) ? renewed(grant) : undefined;
    },
    used(grant) {
      const now = clock.now();
      if (now - (grant.lastUsedAt ?? 0) >= USE_GRANULARITY_MS) note({ ...grant, lastUsedAt: now });
    },
    end(grants) {
      const lived = grants.filter(isLive);
      for (const { withheld, ...grant } of grants) {
        if (grant.revokedAt === undefined || withheld === true)
          change({ ...grant, revokedAt: grant.revokedAt ?? clock.now() });
      }
      return lived;
    },
    withhold(grants) {
      // As it is now: somebody may have ended it since it was read.
      const lived = grants.flatMap(({ id }) => store.get(id) ?? []).filter(isLive);
      for (const grant of lived) change({ ...grant, revokedAt: clock.now(), withheld: true });
      return lived;
    },
    isLive,
  };
}

function wider(one: Access, other: Access): Access {
  return one === "write" || other === "write" ? "write" : "read";
}
