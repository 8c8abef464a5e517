import { CLAUDE } from "./claude.ts";
import { CODEX } from "./codex.ts";
import { customTool, type CustomTool } from "./custom.ts";
import { OPENCODE } from "./opencode.ts";
import type { AgentTool } from "./tool.ts";

const BUILT_IN: readonly AgentTool[] = [CLAUDE, CODEX, OPENCODE];

/** The coding tools that there are, by name: those that are known here, and those that somebody describes, which come before them. */
export function agentTools(custom: Readonly<Record<string, CustomTool>> = {}): ReadonlyMap<string, AgentTool> {
  const described = Object.entries(custom).map(([name, tool]) => customTool(name, tool));
  return new Map([...BUILT_IN, ...described].map((tool) => [tool.name, tool]));
}
