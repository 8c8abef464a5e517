import { orAborted, type Report, throwIfAborted, type WorkspaceId } from "@ws/workspace-core";

/** Somebody who waits for a fetch. */
export interface Waiter {
  workspace: WorkspaceId;
  signal: AbortSignal;
  report?: Report;
}

/** What a fetch is told: `begin` when it starts to look at the remote, which answers who waits, as they come and go. */
export type FetchWork = (job: { begin: () => ReadonlySet<Waiter>; signal: AbortSignal }) => Promise<void>;

export interface FetchJobs {
  /**
   * Resolves when a fetch of this key that began after this call is over. Those who ask before one begins share it, and
   * it is given up when all of them have gone.
   */
  join(key: string, waiter: Waiter, work: FetchWork): Promise<void>;
}

interface Job {
  waiters: Set<Waiter>;
  leaving: AbortController;
  done: Promise<void>;
}

export function createFetchJobs(): FetchJobs {
  const open = new Map<string, Job>();

  function close(key: string, job: Job): void {
    if (open.get(key) === job) open.delete(key);
  }

  function start(key: string, work: FetchWork): Job {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const job: Job = { waiters: new Set(), leaving: new AbortController(), done: promise };
    open.set(key, job);
    const begin = (): ReadonlySet<Waiter> => {
      close(key, job);
      return job.waiters;
    };
    work({ begin, signal: job.leaving.signal })
      .finally(() => close(key, job))
      .then(resolve, reject);
    promise.catch(() => undefined);
    return job;
  }

  return {
    async join(key, waiter, work) {
      const { signal } = waiter;
      throwIfAborted(signal);
      const job = open.get(key) ?? start(key, work);
      job.waiters.add(waiter);
      try {
        await orAborted(job.done, signal);
      } finally {
        job.waiters.delete(waiter);
        if (job.waiters.size === 0) {
          close(key, job);
          job.leaving.abort(signal.reason);
        }
      }
    },
  };
}
