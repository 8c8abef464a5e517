import { ChevronRight, GitCompare } from "lucide-react";
import { Link } from "react-router";
import { Command } from "../../components/command.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { buttonVariants } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { Page, PageHeader } from "../../components/ui/page.tsx";
import { visible } from "../../components/visible.ts";
import { StatusIcon } from "../../tasks/status-icon.tsx";
import { statusOf } from "../../tasks/status.ts";
import { standingOf, type Attempt } from "./attempt.ts";
import type { ComparisonNow } from "./use-comparison.ts";

/** What was tried several times at once, the last first. */
export function ComparisonsList({ comparisons }: { comparisons: readonly ComparisonNow[] }) {
  return (
    <Page>
      <PageHeader
        title="Compare"
        description="The same task, tried in several workspaces at once: look at what each made of it, and keep the best."
      />
      {comparisons.length === 0 ? (
        <EmptyState
          Icon={GitCompare}
          title="Nothing was tried several times yet"
          action={
            <Link to="/tasks?new=task&tries=3" className={buttonVariants({ variant: "primary" })}>
              Start a task several times
            </Link>
          }
          command={'ws task add NAME --fan-out 3 --agent "PROMPT"'}
        >
          Each attempt gets a workspace and a branch of its own, and you pick the one that becomes a pull request.
        </EmptyState>
      ) : (
        <>
          <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
            {comparisons.map((one) => (
              <ComparisonRow key={one.comparison.id} {...one} />
            ))}
          </ul>
          <div className="mt-6 w-fit max-w-full">
            <Command>ws compare</Command>
          </div>
        </>
      )}
    </Page>
  );
}

function ComparisonRow({ comparison: { id, title, repo, startedAt }, attempts }: ComparisonNow) {
  return (
    <li>
      <Link
        to={`/compare/${encodeURIComponent(id)}`}
        className="flex min-h-14 items-center gap-3 px-4 py-2.5 -outline-offset-2 hover:bg-raised/60"
      >
        <span className="min-w-0 flex-1">
          <span className="line-clamp-2 text-sm font-semibold break-words">{visible(title)}</span>
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-3 text-[0.8125rem] text-muted">
            <span className="font-medium text-ink">{standingOf(attempts)}</span>
            {repo !== undefined && <span className="truncate font-mono text-xs">{visible(shortOf(repo))}</span>}
            <TimeAgo at={startedAt} />
          </span>
        </span>
        <span className="flex shrink-0 items-center gap-1">
          {attempts.map((attempt) => (
            <AttemptMark key={attempt.workspaceId} attempt={attempt} />
          ))}
        </span>
        <ChevronRight className="size-4 shrink-0 text-muted" aria-hidden />
      </Link>
    </li>
  );
}

function AttemptMark({ attempt: { name, status, task } }: { attempt: Attempt }) {
  const label = `${name}: ${status === "removed" ? "removed" : task === undefined ? status : statusOf(task).label}`;
  return (
    <span title={label} className={status === "removed" ? "opacity-45" : undefined}>
      {task === undefined ? (
        <GitCompare className="size-4 text-muted" aria-hidden />
      ) : (
        <StatusIcon task={task} className="size-4!" />
      )}
      <span className="sr-only">{label}. </span>
    </span>
  );
}

/** Owner and name. */
function shortOf(repo: string): string {
  return repo
    .replace(/\.git$/, "")
    .split(/[/:]/)
    .slice(-2)
    .join("/");
}
