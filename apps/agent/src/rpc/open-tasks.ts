import type { TaskInfo } from "@ws/rpc-contract";
import type { TaskRecord, Tasks, Workspaces } from "@ws/workspace-core";
import type { Services } from "./context.ts";
import { toInfo } from "./task-info.ts";

/** The tasks once what an earlier agent left is taken up, and how each is shown. */
export interface OpenTasks {
  tasks: Tasks;
  workspaces: Workspaces;
  show: (record: TaskRecord) => TaskInfo;
}

export async function openTasks(services: Pick<Services, "tasks" | "ready" | "redactor">): Promise<OpenTasks> {
  const [tasks, { workspaces }] = await Promise.all([services.tasks(), services.ready()]);
  const show = (record: TaskRecord): TaskInfo => {
    const waits = tasks.held(record);
    const info = toInfo(waits === undefined ? record : { ...record, waits }, workspaces, services.redactor.clean);
    const waitsFor = tasks.waitsFor(record);
    return waitsFor.length === 0 ? info : { ...info, waitsFor: [...waitsFor] };
  };
  return { tasks, workspaces, show };
}
