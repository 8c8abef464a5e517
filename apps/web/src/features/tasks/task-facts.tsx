import type { TaskInfo } from "@ws/rpc-contract";
import { type ReactNode } from "react";
import { span } from "../../components/amounts.ts";
import { compareAddress } from "../../components/compare-address.ts";
import { Link } from "react-router";
import { TimeAgo } from "../../components/time-ago.tsx";
import { visible } from "../../components/visible.ts";
import { Elapsed } from "../../tasks/elapsed.tsx";

/** What there is to know of a task beside its state: when, by whom, how long, how it ended. */
export function TaskFacts({ task, showsWorkspace }: { task: TaskInfo; showsWorkspace: boolean }) {
  const { createdAt, createdBy, exitCode, signal, attempt, retriesLeft, priority, timeoutSeconds, id } = task;
  const comparison = compareAddress(task.execution);
  const ended = signal === undefined ? exitCode : `${exitCode} (${signal})`;
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-1 text-[0.8125rem]">
      {showsWorkspace && task.workspace !== "" && (
        <Fact name="In">
          <WorkspaceLink task={task} />
        </Fact>
      )}
      {task.reference !== undefined && <Fact name="Own workspace of">{visible(task.reference)}</Fact>}
      <Fact name="Queued">
        <TimeAgo at={createdAt} /> by {createdBy}
      </Fact>
      {task.startedAt !== undefined && (isRunning(task) || task.completedAt !== undefined) && (
        <Fact name={isRunning(task) ? "Runs for" : "Took"}>
          <Elapsed task={task} />
        </Fact>
      )}
      {exitCode !== undefined && (
        <Fact name="Exit code">
          {exitCode === 0 ? ended : <strong className="font-semibold text-bad">{ended}</strong>}
        </Fact>
      )}
      {(attempt > 1 || retriesLeft > 0) && (
        <Fact name="Attempt">{retriesLeft > 0 ? `${attempt}, ${retriesLeft} left` : attempt}</Fact>
      )}
      {priority !== 0 && <Fact name="Priority">{priority}</Fact>}
      {timeoutSeconds !== undefined && <Fact name="Time limit">{span(timeoutSeconds * 1_000)}</Fact>}
      {comparison !== undefined && (
        <Fact name="One of several">
          <Link to={comparison} className="font-medium text-accent underline-offset-2 hover:underline">
            Compare
          </Link>
        </Fact>
      )}
      <Fact name="Id">
        <code className="font-mono text-xs select-all">{id}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function WorkspaceLink({ task: { id, workspace } }: { task: TaskInfo }) {
  return (
    <Link
      to={`/w/${workspace}/tasks?task=${id}`}
      className="font-medium text-accent underline-offset-2 hover:underline"
    >
      {workspace}
    </Link>
  );
}

function isRunning({ status }: TaskInfo): boolean {
  return status === "running";
}
