/** Which worker a page of the dashboard is about, by its path; undefined where it is the worker's own. */
export function workerIn(pathname: string): string | undefined {
  return /^\/@([a-z0-9][a-z0-9-]*)(?:\/|$)/.exec(pathname)?.[1];
}

/** Where the dashboard of a worker begins, or the one of the agent whose page this is. */
export function dashboardOf(worker: string | undefined): string {
  return worker === undefined ? "/" : `/@${worker}/`;
}
