import type { TaskFailure } from "../task.ts";

/** What it needs is not on the list of what its workspace may reach; which host that is, only the worker knows for sure. */
export function outOfReach(tool: string): TaskFailure {
  return {
    code: "egress_refused",
    message: `${tool} may not reach what it needs from this workspace.`,
    next: "See what was refused, and allow it: ws egress NAME refusals. Then try the task again: ws task retry.",
  };
}
