import type { TaskInfo } from "@ws/rpc-contract";
import { isOver } from "../../tasks/live-tasks.ts";

export interface Section {
  title: "Needs you" | "Running" | "Queued" | "Finished";
  tasks: TaskInfo[];
}

/** Tasks by what a person does about them; those in the queue stand in the order in which they begin. */
export function sectionsOf(tasks: readonly TaskInfo[]): Section[] {
  const needs = tasks.filter(({ status }) => status === "waiting_input" || status === "auth_failed");
  const running = tasks.filter(({ status }) => status === "running");
  const queued = tasks.filter(({ status }) => status === "pending" || status === "limited");
  const sections: Section[] = [
    { title: "Needs you", tasks: needs.toReversed() },
    { title: "Running", tasks: running.toSorted((a, b) => (b.startedAt ?? "").localeCompare(a.startedAt ?? "")) },
    { title: "Queued", tasks: queued.toSorted(inTurn) },
    { title: "Finished", tasks: tasks.filter(isOver).sort(lastEnded) },
  ];
  return sections.filter((section) => section.tasks.length > 0);
}

function inTurn(a: TaskInfo, b: TaskInfo): number {
  return b.priority - a.priority || a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);
}

function lastEnded(a: TaskInfo, b: TaskInfo): number {
  return (b.completedAt ?? "").localeCompare(a.completedAt ?? "");
}
