import type { AgentSpec } from "../task.ts";
import { type ActionContext, READING_ACTIONS, type TaskAction } from "./action.ts";
import { type ActionSource, gatherContext } from "./gather.ts";
import { actionPrompt } from "./prompt.ts";

/** An action as a task of a coding tool, with what it is about in its prompt. Throws as `gatherContext`. */
export async function planAction(
  asked: { action: TaskAction; context: ActionContext; tool: string; model?: string },
  { source, mark }: { source: ActionSource; mark: (content: string) => string },
): Promise<AgentSpec> {
  const { action, context, tool, model } = asked;
  const prompt = actionPrompt(action, context, await gatherContext(action, context, source), mark);
  return {
    kind: "agent",
    tool,
    prompt,
    action,
    about: context,
    ...(model === undefined ? {} : { model }),
    ...(READING_ACTIONS.has(action) ? { permissions: "ask" } : {}),
  };
}
