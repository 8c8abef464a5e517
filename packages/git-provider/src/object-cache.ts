import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Log, isWsError, type Preparation, type WorkspaceId } from "@ws/workspace-core";
import { createFetchJobs, type FetchWork, type Waiter } from "./object-cache/fetch-jobs.ts";
import {
  allCaches,
  borrowers,
  type CachePaths,
  cachePaths,
  makeCache,
  makeShare,
  sharePaths,
} from "./object-cache/layout.ts";
import { holdLock, tryLock } from "./object-cache/lock.ts";
import { fillShare, mendShares, removeShare } from "./object-cache/share.ts";
import { packFiles } from "./object-cache/packs.ts";
import { tidy } from "./object-cache/tidy.ts";
import { update } from "./object-cache/update.ts";
import type { WorkerRoutes } from "./object-cache/worker-route.ts";
import { progressReporter } from "./progress.ts";

export interface ObjectCacheOptions {
  /** Its own: an absolute path; made with mode 0700 where it does not exist. Several processes may use it at once. */
  directory: string;
  routes: WorkerRoutes;
  log: Log;
}

/**
 * The git objects of repositories, kept on the worker so that a workspace's clone need not fetch what an earlier one fetched. One
 * bare store for each https repository; what a workspace borrows of it is its own, by hard links, and stays until it is released.
 */
export interface ObjectCache {
  /**
   * Begins to bring the cache to what the remote has now, in the workspace's own right, and makes the directory that the
   * workspace is shown. Its content comes when `ready` resolves, or never, where only a plain clone can tell why.
   */
  share(url: string, options: { workspace: WorkspaceId; signal: AbortSignal }): Promise<Preparation>;
  /** Removes what a workspace borrows; nothing is success. */
  release(workspace: WorkspaceId): Promise<void>;
  /** The workspaces that borrow, of whichever process. */
  borrowers(): Promise<WorkspaceId[]>;
  /** Makes the next fetch of a repository a whole one, because what is kept proved broken. */
  distrust(url: string): Promise<void>;
  /** Removes what is kept of repositories that nobody borrows from, and tells how many bytes that were. */
  removeUnused(): Promise<number>;
}

export function createObjectCache({ directory: root, routes, log }: ObjectCacheOptions): ObjectCache {
  const jobs = createFetchJobs();
  const sharing = new Map<WorkspaceId, AbortController>();

  function fetching(cache: CachePaths, url: string): FetchWork {
    return async ({ begin, signal }) => {
      await using held = new AsyncDisposableStack();
      held.use(await holdLock(cache.lock, signal));
      const waiters = begin();
      // One who is still there: the rights of those who left may have ended. All have the same.
      const workspace = waiters.values().next().value?.workspace;
      if (workspace === undefined) return;
      {
        await using route = await routes.open(url, workspace);
        const report = progressReporter((progress) => {
          for (const waiter of waiters) waiter.report?.(progress);
        });
        const came = await update(cache, { url, route, log, signal, onLine: report });
        if (came === "anew") await mendShares(cache);
      }
      for (const waiter of waiters) {
        const share = sharePaths(cache, waiter.workspace);
        await fillShare(cache, share);
        // Released meanwhile: its directory is nobody's.
        if (waiter.signal.aborted) await removeShare(share);
      }
      const holding = held.move();
      void tidy(cache, new AbortController().signal)
        .catch((error: unknown) => log.debug("the object cache was not tidied", { url, error: String(error) }))
        .then(() => holding.disposeAsync());
    };
  }

  async function bring(url: string, cache: CachePaths, waiter: Waiter): Promise<void> {
    const { workspace, signal } = waiter;
    const key = `${cache.directory} ${routes.authority(url, workspace)}`;
    try {
      await jobs.join(key, waiter, fetching(cache, url));
    } catch (error) {
      if (signal.aborted || isWsError(error, "repository_not_found") || isWsError(error, "repository_unreachable")) {
        throw error;
      }
      // The workspace may do better by itself, with credentials of its own, and else says why in its own words.
      log.info("a repository could not be fetched ahead of its clone", { url, workspace, error: String(error) });
    }
  }

  return {
    async share(url, { workspace, signal }) {
      const cache = cachePaths(root, url);
      const share = sharePaths(cache, workspace);
      await makeCache(root, cache);
      await makeShare(share);
      sharing.get(workspace)?.abort();
      const releasing = new AbortController();
      sharing.set(workspace, releasing);
      const waiter: Waiter = { workspace, signal: AbortSignal.any([signal, releasing.signal]) };
      const done = bring(url, cache, waiter).finally(() => {
        if (sharing.get(workspace) === releasing) sharing.delete(workspace);
      });
      // Nobody may come to wait for it.
      done.catch(() => undefined);
      return {
        directory: share.directory,
        ready(report) {
          waiter.report = report;
          return done;
        },
      };
    },
    async release(workspace) {
      sharing.get(workspace)?.abort();
      for (const cache of await allCaches(root)) await removeShare(sharePaths(cache, workspace));
    },
    async borrowers() {
      const all = await Promise.all((await allCaches(root)).map(borrowers));
      return [...new Set(all.flat())];
    },
    async distrust(url) {
      await rm(cachePaths(root, url).refs, { force: true });
    },
    async removeUnused() {
      let bytes = 0;
      for (const cache of await allCaches(root)) {
        // What is being fetched is for somebody.
        using lock = tryLock(cache.lock);
        if (lock === undefined || (await borrowers(cache)).length > 0) continue;
        bytes += await sizeOf(cache);
        await rm(cache.directory, { recursive: true, force: true, maxRetries: 5 });
      }
      return bytes;
    },
  };
}

async function sizeOf({ objects }: CachePaths): Promise<number> {
  const directory = join(objects, "pack");
  const names = await packFiles(directory).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
