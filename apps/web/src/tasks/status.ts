import type { TaskInfo } from "@ws/rpc-contract";

export type Tone = "good" | "busy" | "quiet" | "warn" | "bad";

const RESTING: Readonly<Record<TaskInfo["status"], { tone: Tone; label: string }>> = {
  pending: { tone: "quiet", label: "Queued" },
  running: { tone: "busy", label: "Running" },
  waiting_input: { tone: "warn", label: "Asks you" },
  limited: { tone: "warn", label: "At its limit" },
  auth_failed: { tone: "bad", label: "Needs a sign-in" },
  completed: { tone: "good", label: "Completed" },
  failed: { tone: "bad", label: "Failed" },
  cancelled: { tone: "quiet", label: "Cancelled" },
};

/** What is going on with a task, in a word or two. */
export function statusOf({ status, cancelling, waits }: Pick<TaskInfo, "status" | "cancelling" | "waits">): {
  tone: Tone;
  label: string;
} {
  if (cancelling === true && status === "running") return { tone: "busy", label: "Ending" };
  if (waits !== undefined && status === "pending") return { tone: "warn", label: "Held" };
  return RESTING[status];
}

/** Where it is done; of what it takes a workspace for itself, while it has none. */
export function placeOf({ workspace, workspaceId, reference = "" }: TaskInfo): string {
  return workspace || (workspaceId === "" ? reference : "") || "deleted workspace";
}

/** A command reads as one; what a coding tool was told, as a sentence. */
export function titleClass({ kind }: Pick<TaskInfo, "kind">): string {
  return kind === "agent" ? "text-sm" : "font-mono text-[0.8125rem]";
}
