import { excerpt, WsError, type WorkspaceRecord, type Workspaces } from "@ws/workspace-core";

/** What attempts' executions are called, and their ids begin with. */
export const PATTERN = "attempts";

export function roleOf(number: number): string {
  return `attempt-${number}`;
}

/** The workspaces of a comparison, in the order of their attempts; none where there is no such comparison. */
export function attemptsOf(workspaces: Pick<Workspaces, "executions">, id: string): readonly WorkspaceRecord[] {
  const execution = workspaces.executions().find((one) => one.id === id && one.patternName === PATTERN);
  return (execution?.workspaces ?? []).toSorted((a, b) => numberOf(a) - numberOf(b));
}

/** The same, where there have to be some. Throws `execution_not_found`. */
export function demandAttempts(workspaces: Pick<Workspaces, "executions">, id: string): readonly WorkspaceRecord[] {
  const found = attemptsOf(workspaces, id);
  if (found.length > 0) return found;
  throw new WsError("execution_not_found", {
    message: `There are no attempts '${excerpt(id)}' here.`,
    next: "'ws compare' lists what can be compared.",
    data: { execution: excerpt(id) },
  });
}

function numberOf({ execution }: WorkspaceRecord): number {
  return Number(execution?.role.replace(/^attempt-/, ""));
}
