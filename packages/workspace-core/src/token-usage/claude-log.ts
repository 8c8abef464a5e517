import { at, countAt, parseLine, sessionAt, textAt } from "../tasks/agents/json.ts";
import type { LogKind, LogReader } from "./log-reader.ts";
import type { FoundUsage } from "./usage-entry.ts";

/** Claude Code: a file for each conversation, also for those of its helpers, with a line for each part of an answer. */
export const CLAUDE_LOGS: LogKind = {
  tool: "claude",
  directory: ".claude/projects",
  variable: { name: "CLAUDE_CONFIG_DIR", below: "projects" },
  isLog: (name) => name.endsWith(".jsonl"),
  reader: createClaudeLog,
};

/** What answers is not asked at a model's price. */
const NO_MODEL = "<synthetic>";

function createClaudeLog(): LogReader {
  return {
    line(text) {
      // Most lines are what was said and done, and long.
      if (!text.includes('"usage"') || !text.includes('"assistant"')) return undefined;
      const entry = parseLine(text);
      const usage = at(entry, "message", "usage");
      const model = textAt(entry, "message", "model");
      if (textAt(entry, "type") !== "assistant" || usage === undefined || model === NO_MODEL) return undefined;
      return found(entry, usage, model);
    },
    state: () => "",
  };
}

/**
 * An answer has a line for each of its parts, all with the same usage or a growing one, and a conversation that is gone on with, or looked at by a helper,
 * repeats what came before: the message's id is what counts it once.
 */
function found(entry: unknown, usage: unknown, model: string | undefined): FoundUsage {
  const whole = countAt(usage, "cache_creation_input_tokens") ?? 0;
  const long = countAt(usage, "cache_creation", "ephemeral_1h_input_tokens") ?? 0;
  const session = sessionAt(entry, "sessionId");
  const thought = countAt(usage, "output_tokens_details", "thinking_tokens");
  return {
    key: sessionAt(entry, "message", "id") ?? sessionAt(entry, "requestId") ?? sessionAt(entry, "uuid"),
    tool: CLAUDE_LOGS.tool,
    model: textAt(usage, "speed") === "fast" && model !== undefined ? `${model}-fast` : model,
    at: Date.parse(textAt(entry, "timestamp") ?? ""),
    ...(session === undefined ? {} : { session }),
    counts: {
      input: countAt(usage, "input_tokens") ?? 0,
      output: countAt(usage, "output_tokens") ?? 0,
      cacheRead: countAt(usage, "cache_read_input_tokens") ?? 0,
      cacheWrite: Math.max(0, whole - long),
      cacheWriteLong: long,
    },
    ...(thought === undefined ? {} : { reasoning: thought }),
  };
}
