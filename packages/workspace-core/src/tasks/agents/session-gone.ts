import type { TaskFailure } from "../task.ts";

/** Its conversation cannot be gone on with: asking for it again from the beginning is for somebody to decide. */
export function sessionGone(tool: string): TaskFailure {
  return {
    code: "session_missing",
    message: `${tool} does not have the conversation any more that this task was to go on with.`,
    next: "See what was done, then ask for it anew: ws task retry.",
  };
}
