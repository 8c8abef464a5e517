import type { TaskInfo, WorkspaceInfo } from "@ws/rpc-contract";
import { Check, CircleDot, GitPullRequest, GitPullRequestClosed, GitMerge, X } from "lucide-react";
import { memo } from "react";
import { bytes } from "../../../components/amounts.ts";
import { pageAddress } from "../../../components/page-address.ts";
import { cn } from "../../../components/ui/cn.ts";
import { visible } from "../../../components/visible.ts";
import { useUsageOf } from "../../../live/usage-context.tsx";
import { StatusIcon } from "../../../tasks/status-icon.tsx";
import { statusOf } from "../../../tasks/status.ts";

const figureClass = "text-right text-[0.8125rem] whitespace-nowrap text-muted tabular-nums max-lg:hidden";

/** Rendered anew only where the figure that is read becomes another. */
export const CpuCell = memo(function CpuCell({ id }: { id: string }) {
  const percent = useUsageOf(id, (usage) =>
    usage?.cpuPercent === undefined ? undefined : Math.round(usage.cpuPercent),
  );
  return (
    <div role="cell" className={figureClass} data-cell="cpu">
      {percent !== undefined && `${percent} %`}
    </div>
  );
});

export const MemoryCell = memo(function MemoryCell({ id }: { id: string }) {
  const text = useUsageOf(id, (usage) => (usage?.memoryBytes === undefined ? "" : rounded(usage.memoryBytes)));
  return (
    <div role="cell" className={figureClass} data-cell="memory">
      {text}
    </div>
  );
});

export function DiskCell({ used }: { used: number | undefined }) {
  return (
    <div role="cell" className={cn(figureClass, "max-xl:hidden")} data-cell="disk">
      {used !== undefined && rounded(used)}
    </div>
  );
}

/** Below a GiB no tenths: they move all the time and say nothing. */
function rounded(count: number): string {
  const unit = 1024 ** Math.min(2, Math.floor(Math.log2(Math.max(1, count)) / 10));
  return bytes(count < 1024 ** 3 ? Math.round(count / unit) * unit : count);
}

const STATES = {
  open: { Icon: GitPullRequest, className: "text-good", word: "open" },
  merged: { Icon: GitMerge, className: "text-busy", word: "merged" },
  closed: { Icon: GitPullRequestClosed, className: "text-bad", word: "closed" },
};

const CHECKS = {
  success: { Icon: Check, className: "text-good", word: "checks passed" },
  failure: { Icon: X, className: "text-bad", word: "checks failed" },
  pending: { Icon: CircleDot, className: "text-busy", word: "checks running" },
};

/** The pull request's number with its state, and how its checks stand. */
export function PullRequestLink({ workspace }: { workspace: WorkspaceInfo }) {
  const { pullRequest, checks } = workspace;
  if (pullRequest === undefined) return null;
  const { Icon, className, word } = STATES[pullRequest.state];
  const seen = checks === undefined || checks.state === "none" ? undefined : CHECKS[checks.state];
  const failed = checks === undefined || checks.failed.length === 0 ? "" : `: ${checks.failed.join(", ")}`;
  const said = `${pullRequest.draft ? "draft" : word}${seen === undefined ? "" : `, ${seen.word}${failed}`}`;
  return (
    <a
      href={pageAddress(pullRequest.url)}
      target="_blank"
      rel="noreferrer"
      title={visible(`${pullRequest.title} (${said})`)}
      className="relative z-10 inline-flex min-h-6 items-center gap-1 rounded-sm text-[0.8125rem] whitespace-nowrap text-ink tabular-nums hover:underline"
    >
      <Icon className={cn("size-3.5 shrink-0", pullRequest.draft ? "text-muted" : className)} aria-hidden />#
      {pullRequest.number}
      {seen !== undefined && <seen.Icon className={cn("size-3.5 shrink-0", seen.className)} aria-hidden />}
      <span className="sr-only">, {visible(said)}</span>
    </a>
  );
}

interface TaskLineProps {
  name: string;
  task: TaskInfo | undefined;
  needLabel: string | undefined;
  needTo: string | undefined;
  /** What the workspace itself is doing, or why it failed. */
  line: string | undefined;
  bad: boolean;
  base: string;
}

/** What goes on: what somebody is asked first, then what the workspace itself is doing, then its task. */
export function TaskLine({ name, task, needLabel, needTo, line, bad, base }: TaskLineProps) {
  if (needLabel !== undefined && needTo !== undefined) {
    return (
      <Inside to={needTo} base={base} title={task === undefined ? needLabel : visible(task.title)}>
        {task !== undefined && <StatusIcon task={task} className="size-3.5!" />}
        <span className="shrink-0 font-medium text-warn">{needLabel}</span>
        {task !== undefined && <span className="truncate text-muted">{visible(task.title)}</span>}
      </Inside>
    );
  }
  if (line !== undefined) {
    return (
      <span className={cn("block truncate text-[0.8125rem]", bad ? "text-bad" : "text-muted")} title={visible(line)}>
        {visible(line)}
      </span>
    );
  }
  if (task === undefined) return null;
  const { label } = statusOf(task);
  return (
    <Inside
      to={`/w/${name}/tasks?task=${encodeURIComponent(task.id)}`}
      base={base}
      title={`${label}: ${visible(task.title)}`}
    >
      <StatusIcon task={task} className="size-3.5!" />
      <span className="sr-only">{label}: </span>
      <span className="truncate">{visible(task.title)}</span>
    </Inside>
  );
}

interface InsideProps {
  /** An address of the page, without what lies before all of them. */
  to: string;
  base: string;
  title: string;
  children: React.ReactNode;
}

/** A link to another page of the dashboard, which the list follows: hundreds of `Link`s would each listen to the address. */
function Inside({ to, base, title, children }: InsideProps) {
  return (
    <a
      href={`${base}${to}`}
      data-inside={to}
      title={title}
      className="relative z-10 flex min-h-6 min-w-0 max-w-full items-center gap-1.5 rounded-sm text-[0.8125rem] text-ink hover:underline lg:w-fit"
    >
      {children}
    </a>
  );
}
