import { Play } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { Button } from "../../components/ui/button.tsx";
import { cn } from "../../components/ui/cn.ts";
import { Dot } from "../../components/ui/dot.tsx";
import { useToaster } from "../../components/ui/toast.tsx";
import { visible } from "../../components/visible.ts";
import { useLive } from "../../live/live-context.tsx";
import { useServices } from "../../services.ts";
import { StatusIcon, toneText } from "../../tasks/status-icon.tsx";
import { statusOf } from "../../tasks/status.ts";
import type { Attempt } from "./attempt.ts";

/** How an attempt stands: of what it is at, or, where its workspace is in the way of that, of its workspace. */
export function AttemptState({ attempt }: { attempt: Attempt }) {
  const { name, status, task, workspace } = attempt;
  if (status === "creating") return <BeingMade attempt={attempt} />;
  if (status === "error") {
    return (
      <p className="text-[0.8125rem]">
        <Link to={`/w/${name}`} className="inline-flex items-center gap-2 font-medium text-bad hover:underline">
          <Dot tone="bad" />
          Not made
        </Link>
        {workspace?.failure !== undefined && (
          <span className="mt-0.5 line-clamp-2 text-muted">{visible(workspace.failure.message)}</span>
        )}
      </p>
    );
  }
  return (
    <div className="space-y-1 text-[0.8125rem]">
      {task === undefined ? (
        <p className="text-muted">No task was queued.</p>
      ) : (
        <p className="flex min-w-0 items-center gap-2">
          <StatusIcon task={task} className="size-4!" />
          {status === "removed" ? (
            <span className="text-muted">{statusOf(task).label}</span>
          ) : (
            <Link
              to={`/w/${name}/tasks?task=${encodeURIComponent(task.id)}`}
              className={cn("font-medium underline-offset-2 hover:underline", toneText[statusOf(task).tone])}
            >
              {statusOf(task).label}
            </Link>
          )}
        </p>
      )}
      {task?.status === "failed" && task.error !== undefined && (
        <p className="line-clamp-2 break-words text-muted" title={visible(task.error.message)}>
          {visible(task.error.message)}
        </p>
      )}
      {status === "removed" && <p className="text-muted">Its workspace was removed.</p>}
      {status === "stopped" && <Stopped attempt={attempt} />}
    </div>
  );
}

function BeingMade({ attempt: { name, workspaceId, workspace } }: { attempt: Attempt }) {
  const { progress } = useLive();
  const step = workspace?.startup.steps.find(({ status }) => status === "running");
  const said = progress.get(workspaceId)?.message ?? step?.label;
  return (
    <p className="text-[0.8125rem]">
      <Link to={`/w/${name}`} className="inline-flex items-center gap-2 font-medium text-busy hover:underline">
        <Dot tone="busy" />
        Being made
      </Link>
      <span className="mt-0.5 line-clamp-1 text-muted">{visible(said ?? "")}</span>
    </p>
  );
}

/** What it changed can only be read while it runs. */
export function Stopped({ attempt: { name, workspace } }: { attempt: Attempt }) {
  const { client } = useServices();
  const toaster = useToaster();
  const [busy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    await client.workspaces
      .start({ name })
      .catch((error: unknown) => toaster.failed(`'${name}' was not started`, error));
    setBusy(false);
  };
  if (busy || workspace?.operation === "start") return <p className="text-busy">Starting…</p>;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-muted">
      Stopped.
      <Button size="small" onClick={() => void start()}>
        <Play aria-hidden />
        Start<span className="sr-only"> {name}</span>
      </Button>
    </p>
  );
}
