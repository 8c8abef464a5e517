import { statusOf } from "@ws/workspace-core";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

/** Larger jobs with their workspaces. */
export function executionsRouter(guard: Guarded, services: Services) {
  const os = guard.executions;
  return os.router({
    list: os.list.handler(async () =>
      (await services.worker()).workspaces.executions().map(({ workspaces, ...execution }) => ({
        ...execution,
        workspaces: workspaces.map((record) => ({
          id: record.id,
          name: record.name,
          role: record.execution?.role ?? "",
          status: statusOf(record),
          ...(record.repository?.branch === undefined ? {} : { branch: record.repository.branch }),
        })),
      })),
    ),
    deleteBranches: os.deleteBranches.handler(async ({ input, signal }) => ({
      deleted: await (await services.ready()).workspaces.deleteBranches(input.id, signal),
    })),
    end: os.end.handler(async ({ input: { id, outcome = "completed", force = false } }) =>
      (await services.ready()).workspaces.endExecution(id, { outcome, force }),
    ),
  });
}
