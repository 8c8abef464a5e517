import { SilentStreamError } from "./watch-stream.ts";
import type { Loss, Problem, StopReason } from "./state.ts";

/** What a failure means for whoever waits: try again, or do not, because of the token or of what was asked for. */
export type Verdict =
  | { kind: "lost"; loss: Loss }
  | { kind: "stopped"; reason: StopReason; problem: Problem }
  | { kind: "refused" };

/** Of what was refused so, nothing changes by asking again. Other failures of an agent that answers may pass. */
const FINAL: ReadonlySet<number> = new Set([400, 403, 404, 405, 409, 410, 413, 414, 415, 421, 422, 426, 501]);
/** Said by whatever stands before the agent, or by one that is just starting: it can serve nobody. */
const NOBODY_SERVED: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const REASONS: ReadonlySet<unknown> = new Set<StopReason>(["missing", "unknown", "revoked", "expired"]);

/** Judges any rejection of the client; what is no answer of an agent is taken for a failure of the way to it. */
export function judgeFailure(error: unknown, wasOpen: boolean): Verdict {
  if (!isAnswer(error)) {
    if (error instanceof SilentStreamError) return { kind: "lost", loss: { cause: "silent" } };
    return { kind: "lost", loss: { cause: wasOpen ? "dropped" : "unreachable" } };
  }
  const { status, message, data } = error;
  const problem = { code: data?.code ?? error.code.toLowerCase(), message, ...(data?.next && { next: data.next }) };
  // Another token may have taken the place of the one that it was opened with: whether so is told when it is opened again.
  if (status === 401 && wasOpen) return { kind: "lost", loss: { cause: "going_away", problem, alone: true } };
  if (status === 401) {
    const reason = data?.details?.["reason"];
    return { kind: "stopped", reason: REASONS.has(reason) ? (reason as StopReason) : "unknown", problem };
  }
  if (FINAL.has(status)) return { kind: "refused" };
  return { kind: "lost", loss: { cause: "overloaded", problem, alone: !NOBODY_SERVED.has(status) } };
}

interface Answer {
  code: string;
  status: number;
  message: string;
  data?: { code?: string; next?: string; details?: Record<string, unknown> };
}

/** The RPC client's error by its shape: two copies of a library in one program would fail an instanceof. */
function isAnswer(error: unknown): error is Error & Answer {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "status" in error;
}
