import type { AttemptInfo, ComparisonInfo, TaskInfo, WorkspaceInfo } from "@ws/rpc-contract";
import { isOver, mergeTasks } from "../../tasks/live-tasks.ts";

/** One attempt as it is by now. */
export interface Attempt {
  /** From 1: its place, also where others before it are gone. */
  number: number;
  name: string;
  workspaceId: string;
  status: AttemptInfo["status"];
  /** Absent where it is gone, or the stream has not told of it yet. */
  workspace: WorkspaceInfo | undefined;
  /** The last that was asked of it. */
  task: TaskInfo | undefined;
  pullRequest: AttemptInfo["pullRequest"];
  /** What its work is compared with: where it began. */
  from: string;
}

interface Live {
  workspaces: readonly WorkspaceInfo[] | undefined;
  tasks: ReadonlyMap<string, TaskInfo> | undefined;
}

/** The attempts of a comparison, with what the stream has told of them since. */
export function attemptsNow({ id, base, attempts }: ComparisonInfo, { workspaces, tasks }: Live): Attempt[] {
  const ofIt = [...(tasks?.values() ?? [])].filter(({ execution }) => execution === id);
  return attempts.map((attempt, at) => {
    const { workspaceId } = attempt;
    const workspace = workspaces?.find((one) => one.id === workspaceId);
    const mine = ofIt.filter((task) => task.workspaceId === workspaceId);
    const branch = workspace?.baseBranch ?? base;
    return {
      number: at + 1,
      name: workspace?.name ?? attempt.name,
      workspaceId,
      status: workspace?.status ?? attempt.status,
      workspace,
      task: mergeTasks(attempt.task === undefined ? [] : [attempt.task], mine)[0],
      pullRequest: workspace?.pullRequest ?? attempt.pullRequest,
      from: branch === undefined ? "origin/HEAD" : `origin/${branch}`,
    };
  });
}

/** Whether something is still being made in it. */
export function isAtWork({ status, task }: Pick<Attempt, "status" | "task">): boolean {
  if (status === "removed") return false;
  return task !== undefined && !isOver(task) && !WAITS_FOR_SOMEBODY.has(task.status);
}

/** Whether its task is at work, or waits for somebody: it goes with nothing of it that was not asked for. */
export function isUnderWay({ status, task }: Pick<Attempt, "status" | "task">): boolean {
  return status !== "removed" && task !== undefined && !isOver(task);
}

const WAITS_FOR_SOMEBODY: ReadonlySet<TaskInfo["status"]> = new Set(["waiting_input", "auth_failed"]);

/** Whether it became a pull request: a pick leaves it alone. */
export function isPicked({ pullRequest }: Pick<Attempt, "pullRequest">): boolean {
  return pullRequest?.state === "open" || pullRequest?.state === "merged";
}

/** Those that a pick of this one would remove. */
export function othersOf(attempts: readonly Attempt[], picked: Attempt): Attempt[] {
  return attempts.filter(
    (one) => one.workspaceId !== picked.workspaceId && one.status !== "removed" && one.pullRequest?.state !== "open",
  );
}

/** Why it cannot be picked now; undefined where it can. */
export function whyNotPicked(attempt: Attempt, offline: boolean): string | undefined {
  if (offline) return "The worker does not answer.";
  if (attempt.status === "removed") return "It is gone.";
  if (attempt.status === "creating") return "Its workspace is still being made.";
  if (attempt.status === "error") return "Its workspace could not be made.";
  if (isAtWork(attempt)) return "Its task is not over yet.";
  return undefined;
}

/** How a comparison stands, in a few words. */
export function standingOf(attempts: readonly Attempt[]): string {
  const picked = attempts.filter(isPicked);
  if (picked.length > 0) return `Picked: ${picked.map(({ name }) => name).join(", ")}`;
  if (attempts.every(({ status }) => status === "removed")) return "All of it is gone";
  const working = attempts.filter(isAtWork).length;
  if (working > 0) return `${working} of ${attempts.length} still at work`;
  const asks = attempts.filter(
    ({ task, status }) => status !== "removed" && task !== undefined && !isOver(task),
  ).length;
  return asks > 0 ? `${asks} of ${attempts.length} waiting for you` : "Ready to be compared";
}
