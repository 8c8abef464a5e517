import type { RunEnd } from "../../runs/runs.ts";
import type { TaskEvent } from "../advance.ts";
import type { TaskFailure, TaskId } from "../task.ts";
import { lastLine, wordsOf } from "./json.ts";
import type { AgentSaid, AgentTool } from "./tool.ts";
import { instantIn, withinReason } from "./when.ts";

/** What becomes of a task whose tool has run. Where it met a limit, nobody may have said until when. */
export type Verdict =
  | Extract<TaskEvent, { type: "ended" | "asked" | "locked_out" }>
  | { type: "limited"; until?: number };

/**
 * What the end of a tool's run means: what the tool said itself counts more than its exit code, and without its word nothing is completed. Once it has said how
 * it ended, only a cancel changes that: neither its time limit, nor the loss of its process, nor that we ended what lingered.
 */
export function verdictOf(
  { said, end, errors }: { said: AgentSaid; end: RunEnd; errors: string },
  context: {
    tool: Pick<AgentTool, "name" | "explain" | "keys">;
    task: TaskId;
    model?: string;
    /** Whether somebody wanted it to end. */
    cancelling: boolean;
    now: number;
    /** Where its clock is; UTC where absent. */
    zone?: string;
  },
): Verdict {
  const { tool, now, zone, cancelling } = context;
  if (end.how !== "exit" && (cancelling || !isSettled(said))) return { type: "ended", end };
  // How one was ended that had said its last word says nothing of it.
  const exit: RunEnd = end.how === "exit" ? end : { how: "exit" };
  const known = isSettled(said) ? said : { ...said, ...tool.explain?.(errors) };
  const { limited, lockedOut, asked, failed, finished } = known;
  if (limited !== undefined) {
    const until = limited.until ?? instantIn(limited.text ?? "", now, zone);
    return { type: "limited", ...(until === undefined ? {} : { until: withinReason(until, now) }) };
  }
  if (lockedOut !== undefined) return { type: "locked_out", error: loginNeeded(lockedOut, context) };
  if (asked !== undefined) return { type: "asked", question: asked };
  if (failed !== undefined) return { type: "ended", end: exit, done: failed };
  if (finished === "surely" || (finished !== false && (exit.code ?? 0) === 0)) {
    return { type: "ended", end: exit, done: true };
  }
  if (exit.signal !== undefined) return { type: "ended", end: exit };
  return { type: "ended", end: exit, done: unfinished(exit, errors, context) };
}

/** Whether nothing more is to be expected of it. */
export function isSettled({ limited, lockedOut, failed, finished }: AgentSaid): boolean {
  return (
    finished === "maybe" ||
    finished === "surely" ||
    limited !== undefined ||
    lockedOut !== undefined ||
    failed !== undefined
  );
}

function loginNeeded(
  words: string,
  { tool, task, model }: { tool: Pick<AgentTool, "name" | "keys">; task: TaskId; model?: string },
): TaskFailure {
  const [key] = tool.keys(model);
  const set = key === undefined ? "Give it what it needs" : `Give it a key that holds: ws credential set ${key}`;
  return {
    code: "login_needed",
    message: `${tool.name} could not log in: ${wordsOf(words)}`,
    next: `${set}. Then let the task go on: ws task resume ${task}.`,
  };
}

const NOT_FOUND = 127;

function unfinished(
  { code }: RunEnd,
  errors: string,
  { tool: { name }, task }: { tool: Pick<AgentTool, "name">; task: TaskId },
): TaskFailure {
  const last = wordsOf(lastLine(errors));
  const words = last === "" ? "." : `: ${last}`;
  const next = `See what it said: ws task logs ${task}.`;
  if (code === NOT_FOUND) return toolMissing(name, words);
  if (code === 0) return { code: "no_result", message: `${name} ended without a result${words}`, next };
  return { code: "command_failed", message: `${name} ended with exit code ${code}${words}`, next };
}

/** What a task is told whose tool is not in its workspace; `words` end the sentence. */
export function toolMissing(name: string, words = "."): TaskFailure {
  return {
    code: "tool_missing",
    message: `${name} is not installed in this workspace${words}`,
    next: `Install it there, then try the task again.`,
  };
}
