import type { Progress, Report } from "@ws/workspace-core";

export type SharedWork<T> = (
  key: string,
  work: (report: Report, signal: AbortSignal) => Promise<T>,
  caller: { report: Report; signal?: AbortSignal | undefined },
) => Promise<T>;

interface Running<T> {
  result: Promise<T>;
  reports: Set<Report>;
  last: Progress | undefined;
  abort: AbortController;
}

/**
 * Does work once for all who ask for it under one key at the same time. Every caller sees the progress; one who
 * gives up leaves, and the work is cancelled when nobody is left.
 */
export function createSharedWork<T>(): SharedWork<T> {
  const running = new Map<string, Running<T>>();

  function begin(key: string, work: (report: Report, signal: AbortSignal) => Promise<T>): Running<T> {
    const abort = new AbortController();
    const reports = new Set<Report>();
    const tell = (progress: Progress): void => {
      entry.last = progress;
      for (const report of reports) report(progress);
    };
    const entry: Running<T> = {
      result: Promise.resolve().then(() => work(tell, abort.signal)),
      reports,
      last: undefined,
      abort,
    };
    entry.result
      .catch(() => undefined)
      .finally(() => {
        if (running.get(key) === entry) running.delete(key);
      });
    running.set(key, entry);
    return entry;
  }

  return async (key, work, { report, signal }) => {
    signal?.throwIfAborted();
    const entry = running.get(key) ?? begin(key, work);
    // Two callers may pass the same function.
    const own: Report = (progress) => report(progress);
    entry.reports.add(own);
    if (entry.last !== undefined) own(entry.last);
    const leaving = Promise.withResolvers<never>();
    const leave = (): void => leaving.reject(signal?.reason);
    signal?.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([entry.result, leaving.promise]);
    } finally {
      signal?.removeEventListener("abort", leave);
      entry.reports.delete(own);
      if (entry.reports.size === 0) {
        if (running.get(key) === entry) running.delete(key);
        entry.abort.abort();
      }
    }
  };
}
