import type { WorkspaceInfo } from "@ws/rpc-contract";
import { GitBranch } from "lucide-react";
import { memo } from "react";
import { Link } from "react-router";
import { TimeAgo } from "../../components/time-ago.tsx";
import { cn } from "../../components/ui/cn.ts";
import type { Ask } from "./actions/ask.ts";
import { ActionsMenu } from "./actions/actions-menu.tsx";
import { IsolationBadges } from "./isolation.tsx";
import type { StepProgress } from "../../live/workspaces.ts";
import { shortRepository } from "./names.ts";
import { Status } from "./status-label.tsx";
import { stepLine } from "./status.ts";

interface WorkspaceRowProps {
  workspace: WorkspaceInfo;
  progress: StepProgress | undefined;
  ask: (ask: Ask) => void;
}

/** One workspace in the list. The whole row is its link; rows out of sight are not painted. */
export const WorkspaceRow = memo(function WorkspaceRow({ workspace, progress, ask }: WorkspaceRowProps) {
  const { name, repo, branch } = workspace;
  const line = stepLine(workspace, progress);
  return (
    <li className="group relative flex items-start gap-x-4 px-4 py-3.5 -outline-offset-2 outline-accent [contain-intrinsic-size:auto_4.5rem] [content-visibility:auto] first:rounded-t-xl last:rounded-b-xl hover:bg-raised/60 has-[[data-row-link]:focus-visible]:outline-2 sm:items-center sm:px-5">
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1 sm:grid sm:grid-cols-[minmax(0,1fr)_8.5rem_7.5rem] sm:gap-x-5">
        <div className="w-full min-w-0">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <Link
              to={`/w/${name}`}
              data-row-link
              className="font-mono text-[0.9375rem] font-semibold break-all text-ink outline-none after:absolute after:inset-0"
            >
              {name}
            </Link>
            <IsolationBadges workspace={workspace} />
          </div>
          {repo !== undefined && (
            <p className="mt-0.5 flex min-w-0 flex-wrap items-center gap-x-1.5 text-[0.8125rem] text-muted">
              <span className="truncate" title={repo}>
                {shortRepository(repo)}
              </span>
              {branch !== undefined && (
                <span className="flex min-w-0 shrink items-center gap-1" title={branch}>
                  <GitBranch className="size-3.5 shrink-0" aria-hidden />
                  <span className="truncate">{branch}</span>
                </span>
              )}
            </p>
          )}
          {line !== undefined && (
            <p
              className={cn(
                "mt-0.5 line-clamp-2 text-[0.8125rem] break-words",
                workspace.status === "error" ? "text-bad" : "text-muted",
              )}
            >
              {line}
              {progress?.percent !== undefined && (
                <span className="tabular-nums"> ({Math.round(progress.percent)} %)</span>
              )}
            </p>
          )}
        </div>
        <Status workspace={workspace} />
        <p className="text-[0.8125rem] text-muted">
          <span className="sr-only">Last used </span>
          <TimeAgo at={workspace.lastUsed} />
        </p>
      </div>
      <div className="relative z-10">
        <ActionsMenu workspace={workspace} ask={ask} />
      </div>
    </li>
  );
});
