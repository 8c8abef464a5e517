import { agentTools } from "../../tasks/agents/agent-tools.ts";
import type { AgentSaid, AgentTool } from "../../tasks/agents/tool.ts";

export const TOOLS = agentTools();

export function toolNamed(name: string): AgentTool {
  const tool = TOOLS.get(name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
}

export function saidOf(name: string, lines: readonly (object | string)[]): AgentSaid {
  const reader = toolNamed(name).reader();
  for (const line of lines) reader.line(typeof line === "string" ? line : JSON.stringify(line));
  return reader.said();
}
