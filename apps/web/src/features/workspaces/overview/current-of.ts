import type { TaskInfo, TaskStatus } from "@ws/rpc-contract";

/** What a person is needed for comes first, then what goes on, then what waits, then what was last. */
const ORDER: readonly TaskStatus[] = ["waiting_input", "auth_failed", "running", "limited", "pending"];

/** The one task that tells most about a workspace, and how many others wait there. */
export function currentOf(tasks: readonly TaskInfo[]): { task: TaskInfo | undefined; waiting: number } {
  const rank = ({ status }: TaskInfo): number => (ORDER.includes(status) ? ORDER.indexOf(status) : ORDER.length);
  const [task] = tasks.toSorted((a, b) => rank(a) - rank(b) || b.changedAt.localeCompare(a.changedAt));
  const waiting = tasks.filter((other) => other.status === "pending" && other !== task).length;
  return { task, waiting };
}
