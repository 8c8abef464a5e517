import type { TaskInfo } from "@ws/rpc-contract";
import { ChevronRight } from "lucide-react";
import { memo } from "react";
import { TimeAgo } from "../../components/time-ago.tsx";
import { cn } from "../../components/ui/cn.ts";
import { useNow } from "../../components/use-now.ts";
import { visible } from "../../components/visible.ts";
import { isOver } from "../../tasks/live-tasks.ts";
import { waitingText, type Waiting } from "../../tasks/queue.ts";
import { StatusIcon, toneText } from "../../tasks/status-icon.tsx";
import { placeOf, statusOf, titleClass } from "../../tasks/status.ts";
import { Elapsed } from "../../tasks/elapsed.tsx";
import { TaskDetails } from "./task-details.tsx";

interface TaskRowProps {
  task: TaskInfo;
  waiting: Waiting | undefined;
  /** Where tasks of several workspaces stand together. */
  showsWorkspace: boolean;
  open: boolean;
  /** Opens and closes it; another one that is open closes. */
  toggle: (id: string) => void;
  /** Opens another one. */
  show: (id: string) => void;
}

/** One task: a line that opens to all that there is to know and to do. */
export const TaskRow = memo(function TaskRow({ task, waiting, showsWorkspace, open, toggle, show }: TaskRowProps) {
  const { id, title } = task;
  const { tone, label } = statusOf(task);
  const about = `${id}-about`;
  return (
    <li
      id={id}
      className={cn("scroll-mt-16 [contain-intrinsic-size:auto_3.5rem]", !open && "[content-visibility:auto]")}
    >
      <h3>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={open ? about : undefined}
          className="flex min-h-12 w-full items-center gap-3 px-3.5 py-2 text-left -outline-offset-2 hover:bg-raised/60 sm:px-4"
          onClick={() => toggle(id)}
        >
          <StatusIcon task={task} />
          <span className="min-w-0 flex-1 sm:flex sm:items-baseline sm:gap-3">
            <span className={cn("block truncate font-semibold", titleClass(task))} title={visible(title)}>
              {visible(title)}
            </span>
            <span className="flex min-w-0 items-baseline gap-x-2 text-[0.8125rem] text-muted sm:contents">
              {showsWorkspace && <span className="max-w-40 shrink-0 truncate">{visible(placeOf(task))}</span>}
              {task.tool !== undefined && <span className="max-w-28 shrink-0 truncate">{task.tool}</span>}
              <span className="min-w-0 truncate sm:hidden">
                <RowNews task={task} waiting={waiting} label={label} />
              </span>
            </span>
          </span>
          <span className="max-w-[45%] shrink-0 truncate text-[0.8125rem] text-muted max-sm:hidden">
            <RowNews task={task} waiting={waiting} label={undefined} />
          </span>
          {/* The section says it already, to those who see it. */}
          <span
            className={cn(
              "shrink-0 text-[0.8125rem] font-medium max-sm:sr-only",
              toneText[tone],
              (label === "Running" || label === "Queued") && "sr-only",
            )}
          >
            {label}
          </span>
          <ChevronRight
            aria-hidden
            className={cn("size-4 shrink-0 text-muted transition-transform", open && "rotate-90")}
          />
        </button>
      </h3>
      {open && (
        <div id={about} className="border-t border-line bg-ground/60 px-3.5 py-3.5 sm:px-4">
          <TaskDetails task={task} waiting={waiting} showsWorkspace={showsWorkspace} open={show} />
        </div>
      )}
    </li>
  );
});

/** What is new of a task: how long it runs, why it waits, when it ended. */
function RowNews({
  task,
  waiting,
  label,
}: {
  task: TaskInfo;
  waiting: Waiting | undefined;
  label: string | undefined;
}) {
  const word = label === undefined ? "" : `${label} · `;
  if (waiting !== undefined) return <WaitingLine waiting={waiting} />;
  if (task.status === "running") {
    return (
      <>
        {word}
        <Elapsed task={task} />
      </>
    );
  }
  if (isOver(task) && task.completedAt !== undefined) {
    return (
      <>
        {word}
        <TimeAgo at={task.completedAt} />
      </>
    );
  }
  return label ?? null;
}

export function WaitingLine({ waiting }: { waiting: Waiting }) {
  const now = useNow(waiting.why === "later");
  return <span className="tabular-nums">{waitingText(waiting, now)}</span>;
}
