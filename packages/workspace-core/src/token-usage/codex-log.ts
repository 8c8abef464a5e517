import { at, countAt, parseLine, sessionAt, textAt } from "../tasks/agents/json.ts";
import type { LogKind, LogReader } from "./log-reader.ts";
import type { FoundUsage } from "./usage-entry.ts";

/** Codex: a file for each conversation, in directories by day. */
export const CODEX_LOGS: LogKind = {
  tool: "codex",
  directory: ".codex/sessions",
  variable: { name: "CODEX_HOME", below: "sessions" },
  isLog: (name) => name.startsWith("rollout-") && name.endsWith(".jsonl"),
  reader: createCodexLog,
};

/** Of the lines, those that say something of tokens, or what has to be known for them. */
const KINDS = /"(?:session_meta|turn_context|token_usage_record|token_count)"/;
/** A conversation that begins as the copy of another one repeats its counts all at once. */
const COPY_MS = 2_000;

interface State {
  session?: string;
  model?: string;
  /** All tokens of the conversation, as they were last told. */
  total: number;
  /** When it was begun as a copy of another one. */
  copiedAt?: number;
}

/**
 * An answer is told twice: as a record with the answer's id since some version, and as a count that goes on through the conversation, which is all that
 * older versions have. A count whose sum was seen already says nothing new.
 */
function createCodexLog(known: string | undefined): LogReader {
  const state = readState(known);

  function begun(payload: unknown, instant: number): void {
    const session = sessionAt(payload, "id");
    if (session !== undefined) state.session = session;
    const from =
      sessionAt(payload, "forked_from_id") ?? textAt(payload, "source", "subagent", "thread_spawn", "parent");
    if (from !== undefined || at(payload, "source", "subagent") !== undefined) state.copiedAt = instant;
  }

  function readModel(model: string | undefined): void {
    if (model !== undefined) state.model = model.slice(0, 120);
  }

  function recorded(payload: unknown, instant: number): FoundUsage | undefined {
    state.total = countAt(payload, "thread_token_usage", "total_tokens") ?? state.total;
    const session = sessionAt(payload, "thread_id") ?? state.session;
    return foundOf(at(payload, "usage"), sessionAt(payload, "response_id"), { instant, session, model: state.model });
  }

  function counted(info: unknown, instant: number): FoundUsage | undefined {
    const total = countAt(info, "total_token_usage", "total_tokens");
    if (total === undefined || total === state.total) return undefined;
    state.total = total;
    if (state.copiedAt !== undefined && instant - state.copiedAt < COPY_MS) return undefined;
    const { session, model } = state;
    const last = at(info, "last_token_usage") ?? at(info, "total_token_usage");
    return foundOf(last, session === undefined ? undefined : `${session}:${total}`, { instant, session, model });
  }

  return {
    line(text) {
      if (!KINDS.test(text.slice(0, 400))) return undefined;
      const entry = parseLine(text);
      const payload = at(entry, "payload");
      const instant = Date.parse(textAt(entry, "timestamp") ?? "");
      switch (textAt(entry, "type")) {
        case "session_meta":
          begun(payload, instant);
          return undefined;
        case "turn_context":
          readModel(textAt(payload, "model"));
          return undefined;
        case "token_usage_record":
          return recorded(payload, instant);
        case "event_msg":
          return textAt(payload, "type") === "token_count" ? counted(at(payload, "info"), instant) : undefined;
        default:
          return undefined;
      }
    },
    state: () => JSON.stringify(state),
  };
}

/** Its input holds what was cached, and its output what was thought. */
function foundOf(
  usage: unknown,
  key: string | undefined,
  { instant, session, model }: { instant: number; session: string | undefined; model: string | undefined },
): FoundUsage {
  const all = countAt(usage, "input_tokens") ?? 0;
  const cacheRead = Math.min(all, countAt(usage, "cached_input_tokens") ?? 0);
  const cacheWrite = Math.min(all - cacheRead, countAt(usage, "cache_write_input_tokens") ?? 0);
  const thought = countAt(usage, "reasoning_output_tokens");
  return {
    key,
    tool: CODEX_LOGS.tool,
    model,
    at: instant,
    ...(session === undefined ? {} : { session }),
    counts: {
      input: all - cacheRead - cacheWrite,
      output: countAt(usage, "output_tokens") ?? 0,
      cacheRead,
      cacheWrite,
      cacheWriteLong: 0,
    },
    ...(thought === undefined ? {} : { reasoning: thought }),
  };
}

function readState(known: string | undefined): State {
  const value = parseLine(known ?? "");
  const session = sessionAt(value, "session");
  const model = textAt(value, "model");
  const copiedAt = countAt(value, "copiedAt");
  return {
    total: countAt(value, "total") ?? 0,
    ...(session === undefined ? {} : { session }),
    ...(model === undefined ? {} : { model }),
    ...(copiedAt === undefined ? {} : { copiedAt }),
  };
}
