import { parseOffset } from "../terminals/parse-states.ts";
import { isRunId } from "./run-id.ts";
import type { RunEnd, RunState } from "./runs.ts";

/**
 * The lines that a program of the holder said before its last, which is "ok"; undefined where it did not come so far. What it says
 * comes from files that the workspace may have written.
 */
export function linesOf(answer: string): string[] | undefined {
  const lines = answer.split("\n");
  return lines.pop() === "" && lines.pop() === "ok" ? lines : undefined;
}

/** Reads a line that says of a run what is known; undefined for any other. */
export function parseRun(line: string): RunState | undefined {
  const fields = line.split(" ", 9);
  const [word, id = "", , , , how = "", code = "", signal = ""] = fields;
  const [start, end, startedAt] = fields.slice(2, 5).map(parseOffset);
  if (fields.length !== 8 || word !== "run" || !isRunId(id)) return undefined;
  if (start === undefined || end === undefined || start > end || startedAt === undefined) return undefined;
  const state = { id, start, end, startedAt };
  if (how === "-") return state;
  const ended = parseEnd(how, code, signal);
  return ended === undefined ? undefined : { ...state, ended };
}

const WAYS: ReadonlySet<string> = new Set<RunEnd["how"]>(["exit", "timeout", "cancelled", "lost"]);

function parseEnd(how: string, code: string, signal: string): RunEnd | undefined {
  if (!WAYS.has(how)) return undefined;
  const end: RunEnd = { how: how as RunEnd["how"] };
  if (code === "-") return how === "exit" ? undefined : end;
  const number = parseOffset(code);
  if (number === undefined || number > 255) return undefined;
  end.code = number;
  if (signal === "-") return end;
  const by = parseOffset(signal);
  if (by === undefined) return undefined;
  return { ...end, signal: SIGNALS[by - 1] ?? `SIG${by}` };
}

/** Linux's, from 1 on. */
const SIGNALS = (
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ " +
  "VTALRM PROF WINCH IO PWR SYS"
)
  .split(" ")
  .map((name) => `SIG${name}`);
