import type { TaskInfo, TaskStatus, WorkspaceInfo } from "@ws/rpc-contract";
import { Link } from "react-router";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { cn } from "../../../components/ui/cn.ts";
import { StatusIcon } from "../../../tasks/status-icon.tsx";
import { statusOf, titleClass } from "../../../tasks/status.ts";
import { useTasks } from "../../../tasks/use-tasks.ts";
import { Card, cardLink } from "./card.tsx";
import { currentOf } from "./current-of.ts";

/** What is done in the workspace now, or was last. */
export function CurrentTask({ workspace: { id, name } }: { workspace: WorkspaceInfo }) {
  const { tasks } = useTasks();
  const { task, waiting } = currentOf([...(tasks?.values() ?? [])].filter(({ workspaceId }) => workspaceId === id));
  return (
    <Card
      title="Task"
      more={
        <Link to={`/w/${name}/tasks`} className={cardLink}>
          {waiting > 0
            ? `${waiting} more ${waiting === 1 ? "waits" : "wait"}`
            : task === undefined
              ? "Add one"
              : "Tasks"}
        </Link>
      }
    >
      {task === undefined ? (
        <p className="text-sm text-muted">{tasks === undefined ? "Not known yet." : "Nothing is being done in it."}</p>
      ) : (
        <Told task={task} name={name} />
      )}
    </Card>
  );
}

const SINCE: Readonly<Partial<Record<TaskStatus, string>>> = { completed: "", failed: "", cancelled: "" };

function Told({ task, name }: { task: TaskInfo; name: string }) {
  return (
    <>
      <p className="flex min-w-0 gap-2">
        <StatusIcon task={task} className="mt-0.5" />
        <Link
          to={`/w/${name}/tasks?task=${task.id}`}
          className={cn("line-clamp-2 min-w-0 break-words underline-offset-2 hover:underline", titleClass(task))}
        >
          {task.title}
        </Link>
      </p>
      <p className="mt-1.5 ml-6.5 text-[0.8125rem] text-muted">
        <span className="text-ink">{statusOf(task).label}</span>
        {` · ${SINCE[task.status] ?? "since "}`}
        <TimeAgo at={task.changedAt} />
      </p>
    </>
  );
}
