import type { TaskInfo } from "@ws/rpc-contract";
import { isOver, statusOf } from "../../commands/task/task-text.ts";
import { ago } from "../../output/workspace.ts";
import { NOTHING, type Column } from "../parts/rows.tsx";
import { needsSomebody } from "../state/needs.ts";
import type { Tone } from "../theme.ts";

export const idOfTask = ({ id }: TaskInfo): string => id;

export const TASK_COLUMNS: readonly Column<TaskInfo>[] = [
  { title: "TASK", cell: ({ title }) => title },
  { title: "STATUS", cell: statusOf, tone: statusTone },
  {
    title: "WORKSPACE",
    cell: ({ workspace, workspaceId, reference }) =>
      workspace || (workspaceId === "" ? reference : undefined) || NOTHING,
    tone: () => "muted",
  },
  { title: "TOOL", cell: ({ tool = NOTHING }) => tool, tone: () => "muted" },
  { title: "CREATED", cell: ({ createdAt }, now) => ago(createdAt, now), tone: () => "muted" },
];

export function statusTone(task: TaskInfo): Tone {
  if (needsSomebody(task)) return "accent";
  if (task.status === "failed") return "bad";
  return isOver(task) ? "muted" : "plain";
}
