import type { WorkspaceInfo } from "@ws/rpc-contract";
import { hasChanged, type Surroundings } from "./arrange.ts";

/** Of all workspaces, whatever is filtered. */
export interface Counts {
  byStatus: Readonly<Record<WorkspaceInfo["status"], number>>;
  /** That wait for somebody. */
  needs: number;
  /** In which something happened within a day. */
  changed: number;
  /** That changed since this browser last looked. */
  news: number;
}

export function count(workspaces: readonly WorkspaceInfo[], around: Surroundings): Counts {
  const byStatus = { creating: 0, running: 0, stopped: 0, error: 0 };
  let [needs, changed, news] = [0, 0, 0];
  for (const workspace of workspaces) {
    byStatus[workspace.status] += 1;
    if (around.needs.has(workspace.id)) needs += 1;
    if (hasChanged(workspace, around)) changed += 1;
    if (around.news.has(workspace.id)) news += 1;
  }
  return { byStatus, needs, changed, news };
}
