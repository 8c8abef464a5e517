import type { TaskInfo } from "@ws/rpc-contract";
import { RotateCcw, X } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { TimeAgo } from "../../components/time-ago.tsx";
import { Button } from "../../components/ui/button.tsx";
import { cn } from "../../components/ui/cn.ts";
import { visible } from "../../components/visible.ts";
import { Need } from "../../tasks/need.tsx";
import { StatusIcon, toneText } from "../../tasks/status-icon.tsx";
import { placeOf, statusOf, titleClass } from "../../tasks/status.ts";
import { useTaskActions } from "../../tasks/use-task-actions.ts";
import { useInbox } from "./inbox-context.tsx";
import { BudgetCard } from "./budget-card.tsx";
import { EgressCard } from "./egress-card.tsx";
import type { InboxItem } from "./items.ts";

/** One thing that waits, with what can be done about it. */
export function InboxCard({ item }: { item: InboxItem }) {
  if (item.kind === "egress") return <EgressCard item={item} />;
  return item.kind === "budget" ? <BudgetCard item={item} /> : <TaskCard item={item} />;
}

function TaskCard({ item }: { item: Exclude<InboxItem, { kind: "egress" | "budget" }> }) {
  const { task } = item;
  const held = item.kind === "limit" ? item.held.length : 0;
  return (
    <li className="rounded-xl border border-line bg-surface">
      <div className="flex items-start gap-3 px-4 pt-3.5 pb-3">
        <StatusIcon task={task} className="mt-0.5" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-sm font-semibold">
            {item.kind === "limit" ? (
              `${task.tool ?? "A tool"} is at its limit`
            ) : (
              <TaskLink task={task}>{visible(task.title)}</TaskLink>
            )}
          </h2>
          <p className="mt-0.5 flex flex-wrap gap-x-2 text-[0.8125rem] text-muted">
            <span className={cn("font-medium", toneText[statusOf(task).tone])}>{statusOf(task).label}</span>
            {held > 1 ? <span>{held} tasks wait for it</span> : <span>{visible(placeOf(task))}</span>}
            <TimeAgo at={new Date(item.since).toISOString()} />
          </p>
        </div>
        {item.kind === "failed" && <Failed item={item} />}
      </div>
      {item.kind !== "failed" && <Need task={task} className="border-t border-line px-4 py-3.5" />}
      {item.kind === "failed" && task.error !== undefined && (
        <p className="line-clamp-3 border-t border-line px-4 py-2.5 text-[0.8125rem] break-words text-muted">
          {task.error.message}
        </p>
      )}
    </li>
  );
}

function TaskLink({ task, children }: { task: TaskInfo; children: ReactNode }) {
  const to = task.workspace === "" ? `/tasks?task=${task.id}` : `/w/${task.workspace}/tasks?task=${task.id}`;
  return (
    <Link to={to} className={cn("rounded-sm underline-offset-2 hover:underline", titleClass(task))}>
      {children}
    </Link>
  );
}

function Failed({ item: { key, task } }: { item: Extract<InboxItem, { kind: "failed" }> }) {
  const { seen } = useInbox();
  const { busy, retry } = useTaskActions(task);
  return (
    <div className="flex shrink-0 items-center gap-1">
      {(task.workspace !== "" || task.reference !== undefined) && (
        <Button
          size="small"
          busy={busy === "retry"}
          onClick={() => void retry().then((next) => next !== undefined && seen.add([key]))}
        >
          {busy !== "retry" && <RotateCcw aria-hidden />}
          Try again
        </Button>
      )}
      <Button size="iconSmall" variant="ghost" aria-label={`Dismiss ${task.title}`} onClick={() => seen.add([key])}>
        <X aria-hidden />
      </Button>
    </div>
  );
}
