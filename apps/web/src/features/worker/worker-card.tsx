import { queryOptions, useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import type { WorkerInfo, WorkspaceInfo } from "@ws/rpc-contract";
import { Badge } from "../../components/ui/badge.tsx";
import { Button, buttonVariants } from "../../components/ui/button.tsx";
import { cn } from "../../components/ui/cn.ts";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { Status } from "../../components/workspace-status/status.tsx";
import { toProblem } from "../../problem.ts";
import { dashboardOf } from "../../worker-address.ts";

/** What a worker said of itself last. */
export interface CardFacts {
  name: string;
  /** How it stands, in a few words. */
  says: string;
  isOnline: boolean;
  /** Absent for the agent whose page this is, which is there. */
  state?: WorkerInfo["state"];
  hostname?: string | undefined;
  version?: string | undefined;
  grant?: string | undefined;
  /** Its workspaces. */
  count?: number | undefined;
  tasksRunning?: number | undefined;
  tasksWaiting?: number | undefined;
  mark?: string;
}

interface WorkerCardProps {
  /** Absent for the agent whose page this is. */
  worker?: string | undefined;
  facts: CardFacts;
  ask: (signal: AbortSignal) => Promise<readonly WorkspaceInfo[]>;
}

const SHOWN = 6;

/** One worker: how it stands, what runs there and what waits for somebody, and the ways in. */
export function WorkerCard({ worker, facts, ask }: WorkerCardProps) {
  const { name, says, isOnline, hostname, version, grant, tasksRunning = 0, tasksWaiting = 0 } = facts;
  const about = [hostname !== name && hostname, version && `version ${version}`, grant && `lets this hub ${grant}`];
  return (
    <li className="flex min-w-0 flex-col rounded-xl border border-line bg-surface p-4">
      <div className="flex items-start gap-3">
        <span
          className={cn("mt-2 size-2 shrink-0 rounded-full", isOnline ? "bg-good" : "border-[1.5px] border-muted")}
          aria-hidden
        />
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-mono text-sm font-semibold">{name}</h2>
          <p className="text-[0.8125rem] text-muted">{says}</p>
          <p className="truncate text-xs text-muted empty:hidden">{about.filter(Boolean).join(" · ")}</p>
        </div>
        <a href={dashboardOf(worker)} aria-label={`Open ${name}`} className={buttonVariants({ size: "small" })}>
          Open <ArrowRight aria-hidden />
        </a>
      </div>
      {(tasksRunning > 0 || tasksWaiting > 0) && (
        <p className="mt-3 flex flex-wrap gap-2">
          {tasksRunning > 0 && (
            <a href={`${dashboardOf(worker)}tasks`} className="rounded-md">
              <Badge tone="busy">{tasksRunning === 1 ? "1 task runs" : `${tasksRunning} tasks run`}</Badge>
            </a>
          )}
          {tasksWaiting > 0 && (
            <a href={`${dashboardOf(worker)}inbox`} className="rounded-md">
              <Badge tone="warn">{tasksWaiting === 1 ? "1 needs you" : `${tasksWaiting} need you`}</Badge>
            </a>
          )}
        </p>
      )}
      <div className="mt-3 border-t border-line pt-3 text-sm">
        {isOnline ? <Workspaces {...{ worker, facts, ask }} /> : <Away facts={facts} />}
      </div>
    </li>
  );
}

const NEXT: Readonly<Record<string, string>> = {
  expected: "Start its agent as the hub said when the worker was added.",
  revoked: "Remove it on the hub and add it again.",
};

/** What is to be done about a worker that is not there. */
export function nextOf(state: CardFacts["state"]): string {
  return NEXT[state ?? "offline"] ?? "What runs there goes on.";
}

function Away({ facts: { count, state } }: { facts: CardFacts }) {
  const had =
    count === undefined ? "" : `${count === 1 ? "1 workspace" : `${count} workspaces`} when it was last seen. `;
  return (
    <p className="text-muted">
      {had}
      {nextOf(state)}
    </p>
  );
}

function Workspaces({ worker, facts, ask }: WorkerCardProps) {
  const { data, error, isPending, refetch, isFetching } = useQuery(placesQuery(worker, facts.mark, ask));
  if (isPending) {
    return (
      <div role="status" className="space-y-2.5 py-1">
        <span className="sr-only">Asking {facts.name} for its workspaces…</span>
        <Skeleton className="h-3.5 w-40" />
      </div>
    );
  }
  if (data === undefined) {
    return (
      <div className="flex items-center justify-between gap-3">
        <p className="min-w-0 break-words text-muted">{reasonOf(error)}</p>
        <Button size="small" busy={isFetching} onClick={() => void refetch()}>
          Ask again
        </Button>
      </div>
    );
  }
  if (data.length === 0) return <p className="text-muted">No workspaces.</p>;
  // What runs comes first.
  const sorted = data.toSorted((a, b) => Number(b.status === "running") - Number(a.status === "running"));
  return (
    <ul className="space-y-1">
      {sorted.slice(0, SHOWN).map((workspace) => (
        <li key={workspace.id} className="flex items-center gap-2">
          <a
            href={`${dashboardOf(worker)}w/${workspace.name}`}
            className="min-w-0 flex-1 truncate rounded-sm py-0.5 font-mono text-[0.8125rem] text-ink hover:underline pointer-coarse:py-2.5"
          >
            {workspace.name}
          </a>
          <Status workspace={workspace} className="text-[0.8125rem]" />
        </li>
      ))}
      {sorted.length > SHOWN && (
        <li className="text-xs text-muted">
          <a href={dashboardOf(worker)} className="rounded-sm hover:underline">
            {sorted.length - SHOWN} more
          </a>
        </li>
      )}
    </ul>
  );
}

/** One question for whoever shows a worker's workspaces; asked again with another `mark`. */
export function placesQuery(worker: string | undefined, mark: string | undefined, ask: WorkerCardProps["ask"]) {
  return queryOptions({
    queryKey: ["worker's workspaces", worker, mark],
    queryFn: ({ signal }) => ask(signal),
    retry: false,
    placeholderData: (before) => before,
  });
}

export function reasonOf(error: Error | null): string {
  if (error?.name === "TimeoutError") return "It did not answer in time.";
  return error === null ? "Its workspaces are not known." : toProblem(error).message;
}
