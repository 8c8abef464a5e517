import type { TaskInfo } from "@ws/rpc-contract";
import { span } from "../components/amounts.ts";
import { useNow } from "../components/use-now.ts";

/** How long the last attempt has taken, moving while it runs. */
export function Elapsed({ task }: { task: TaskInfo }) {
  const now = useNow(isRunning(task));
  if (task.startedAt === undefined) return null;
  const end = task.completedAt === undefined ? now : Date.parse(task.completedAt);
  const took = Math.max(0, end - Date.parse(task.startedAt));
  const whole = Math.floor(took / 1_000);
  return <span className="tabular-nums">{isRunning(task) && whole < 10 ? `${whole} s` : span(took)}</span>;
}

function isRunning({ status }: TaskInfo): boolean {
  return status === "running";
}
