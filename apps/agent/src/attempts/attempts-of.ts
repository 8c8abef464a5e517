import { excerpt, WsError, type WorkspaceRecord, type Workspaces } from "@ws/workspace-core";

/** What attempts' executions are called, and their ids begin with. */
export const PATTERN = "attempts";

export function roleOf(number: number): string {
  return `attempt-${number}`;
}

export interface Comparison {
  id: string;
  /** In the order of the attempts. */
  records: readonly WorkspaceRecord[];
}

/** The comparisons of this worker, the last started first, with what is gone of them. */
export function comparisonsOf(workspaces: Pick<Workspaces, "executions">): Comparison[] {
  return workspaces
    .executions({ cleanedUp: true })
    .filter(({ patternName }) => patternName === PATTERN)
    .map(({ id, workspaces: records }) => ({ id, records: inOrder(records) }))
    .reverse();
}

/** The workspaces of a comparison that are there, in the order of their attempts; none where there is no such comparison. */
export function attemptsOf(workspaces: Pick<Workspaces, "executions">, id: string): readonly WorkspaceRecord[] {
  const execution = workspaces.executions().find((one) => one.id === id && one.patternName === PATTERN);
  return inOrder(execution?.workspaces ?? []);
}

/** One comparison, what is gone of it included. Throws `execution_not_found`. */
export function demandComparison(workspaces: Pick<Workspaces, "executions">, id: string): Comparison {
  const found = comparisonsOf(workspaces).find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new WsError("execution_not_found", {
    message: `There are no attempts '${excerpt(id)}' here.`,
    next: "'ws compare' lists what can be compared.",
    data: { execution: excerpt(id) },
  });
}

export function isGone({ phase }: Pick<WorkspaceRecord, "phase">): boolean {
  return phase === "cleaned_up";
}

function inOrder(records: readonly WorkspaceRecord[]): WorkspaceRecord[] {
  return records.toSorted((a, b) => numberOf(a) - numberOf(b));
}

function numberOf({ execution }: WorkspaceRecord): number {
  const digits = /^attempt-(\d{1,3})$/.exec(execution?.role ?? "")?.[1];
  // Whoever makes a workspace may say that it is of an execution, in whatever role.
  return digits === undefined ? Number.MAX_SAFE_INTEGER : Number(digits);
}
