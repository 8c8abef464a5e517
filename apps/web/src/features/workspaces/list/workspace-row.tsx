import type { TaskInfo, WorkspaceInfo } from "@ws/rpc-contract";
import { GitBranch } from "lucide-react";
import { memo } from "react";
import { SelectBox } from "./select-box.tsx";
import { cn } from "../../../components/ui/cn.ts";
import { Status } from "../../../components/workspace-status/status.tsx";
import type { Ask } from "../actions/ask.ts";
import { ActionsMenu } from "../actions/actions-menu.tsx";
import { IsolationMarks } from "../isolation.tsx";
import { lastOfRepository } from "../names.ts";
import { onlyWide, rowGrid } from "./columns.ts";
import { CpuCell, DiskCell, MemoryCell, PullRequestLink, TaskLine } from "./row-cells.tsx";

interface WorkspaceRowProps {
  workspace: WorkspaceInfo;
  task: TaskInfo | undefined;
  needLabel: string | undefined;
  needTo: string | undefined;
  /** What it is doing, or why it failed. */
  line: string | undefined;
  /** How long ago something happened in it. */
  age: string;
  /** When that was. */
  activity: number;
  /** Whether that was since this browser last looked at the list. */
  changed: boolean;
  selected: boolean;
  toggle: (id: string, range?: boolean) => void;
  ask: (ask: Ask) => void;
  /** What lies before the addresses of all pages. */
  base: string;
}

const CHANGED = "Changed since you were here";

/**
 * One workspace in the list. The whole row is its link; rows out of sight are not painted. All that it is given stays the same
 * where nothing of it has changed, so that an event renders one row.
 */
export const WorkspaceRow = memo(function WorkspaceRow(props: WorkspaceRowProps) {
  const { workspace, task, needLabel, needTo, line, age, activity, changed, selected, toggle, ask, base } = props;
  const { id, name, repo, branch, status } = workspace;
  return (
    <div
      role="row"
      data-row={id}
      className={cn(
        "group relative flex items-center gap-x-2 px-4 py-2 -outline-offset-2 outline-accent [contain-intrinsic-size:auto_3.75rem] [content-visibility:auto] last:rounded-b-xl hover:bg-raised/60 has-[[data-row-link]:focus-visible]:outline-2 lg:py-1 lg:[contain-intrinsic-size:auto_2.625rem]",
        rowGrid,
        selected && "bg-accent-soft/60",
      )}
    >
      <div
        role="cell"
        className="relative z-10 flex max-lg:order-last max-lg:hidden max-lg:size-11 max-lg:items-center max-lg:justify-center group-data-selecting/list:max-lg:flex"
      >
        <SelectBox
          label={`Select ${name}`}
          checked={selected}
          toggle={(event) => toggle(id, event.shiftKey)}
          className={selected ? "" : "lg:opacity-60 lg:group-hover:opacity-100 lg:focus-within:opacity-100"}
        />
      </div>
      <div role="none" className="flex min-w-0 flex-1 flex-col gap-0.5 lg:contents">
        <div role="none" className="flex min-w-0 items-center justify-between gap-3 lg:contents">
          <div role="cell" className="flex min-w-0 items-center gap-1.5">
            <a
              href={`${base}/w/${name}`}
              data-inside={`/w/${name}`}
              data-row-link
              title={name}
              className="truncate font-mono text-[0.875rem] font-semibold text-ink outline-none after:absolute after:inset-0"
            >
              {name}
            </a>
            {changed && (
              <span className="size-1.5 shrink-0 rounded-full bg-accent" title={CHANGED}>
                <span className="sr-only">{CHANGED}</span>
              </span>
            )}
            <IsolationMarks workspace={workspace} />
          </div>
          <div role="cell" className="shrink-0">
            <Status workspace={workspace} className="text-[0.8125rem]!" />
          </div>
        </div>
        <div role="none" className="flex min-w-0 items-center gap-x-2.5 text-muted lg:contents">
          <div role="cell" className={cn("truncate text-[0.8125rem] text-muted", onlyWide)} title={repo}>
            {repo !== undefined && lastOfRepository(repo)}
          </div>
          <div
            role="cell"
            className={cn(
              "flex min-w-0 items-center gap-1 font-mono text-[0.8125rem] text-muted empty:max-lg:hidden max-lg:max-w-[45%]",
              // There what goes on says more than where.
              (task ?? line ?? needLabel) !== undefined && "max-sm:hidden",
            )}
            title={branch}
          >
            {branch !== undefined && (
              <>
                <GitBranch className="size-3.5 shrink-0 lg:hidden" aria-hidden />
                {/* Cut at its beginning: the end is what tells it from the others. */}
                <span className="truncate text-left [direction:rtl]">
                  <bdi>{branch}</bdi>
                </span>
              </>
            )}
          </div>
          <div role="cell" className="shrink-0 empty:max-lg:hidden">
            <PullRequestLink workspace={workspace} />
          </div>
          <div role="cell" className="min-w-0 max-lg:flex-1">
            <TaskLine
              name={name}
              task={task}
              needLabel={needLabel}
              needTo={needTo}
              line={line}
              bad={status === "error"}
              base={base}
            />
          </div>
          <div
            role="cell"
            className="shrink-0 text-[0.8125rem] whitespace-nowrap text-muted tabular-nums lg:text-right"
            title={new Date(activity).toLocaleString()}
          >
            <span className="sr-only">Active </span>
            {age}
          </div>
        </div>
      </div>
      <CpuCell id={id} />
      <MemoryCell id={id} />
      <DiskCell used={workspace.diskBytes} />
      <div role="cell" className={cn("relative z-10 group-data-selecting/list:max-lg:hidden", "flex justify-end")}>
        <ActionsMenu workspace={workspace} ask={ask} />
      </div>
    </div>
  );
});
