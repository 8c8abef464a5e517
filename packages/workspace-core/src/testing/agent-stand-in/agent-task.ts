import type { AgentSpec } from "../../tasks/task.ts";
import type { TaskRequest } from "../../tasks/task-request.ts";

/** A prompt for a coding tool, in a workspace called `a`. */
export function agentTask(
  prompt: string,
  more: Partial<AgentSpec> = {},
  asked: Partial<TaskRequest> = {},
): TaskRequest {
  const spec: AgentSpec = { kind: "agent", tool: "claude", prompt, ...more };
  return { workspace: "a", spec, createdBy: "ada", ...asked };
}
