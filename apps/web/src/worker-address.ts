/** Which worker a page of the dashboard is about, by its path; undefined where it is the worker's own. */
export function workerIn(pathname: string): string | undefined {
  return /^\/@([a-z0-9][a-z0-9-]*)(?:\/|$)/.exec(pathname)?.[1];
}

/** Whether a page is that of a link to watch a terminal, of this agent or of a worker. */
export function isWatchPath(pathname: string): boolean {
  return /^(?:\/@[a-z0-9][a-z0-9-]*)?\/watch\//.test(pathname);
}

/** Where the dashboard of a worker begins, or the one of the agent whose page this is. */
export function dashboardOf(worker: string | undefined): string {
  return worker === undefined ? "/" : `/@${worker}/`;
}
