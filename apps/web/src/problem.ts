import { PartMissing } from "./part-missing.ts";
import { nextHere } from "./problem-words.ts";

/** What a person is told when something failed: a stable code, one sentence, and the next step. */
export interface Problem {
  code: string;
  message: string;
  next?: string | undefined;
}

/** Any rejection as a problem. An agent's typed error keeps its code and next step; no answer at all is `unreachable`. */
export function toProblem(error: unknown): Problem {
  if (isAgentError(error)) {
    const { code, next } = error.data ?? {};
    const known = typeof code === "string" ? code : error.code.toLowerCase();
    const said = Object.hasOwn(nextHere, known) ? nextHere[known] : next;
    return { code: known, message: error.message, ...(typeof said === "string" ? { next: said } : {}) };
  }
  if (error instanceof PartMissing) {
    return {
      code: "part_missing",
      message: error.message,
      next: "Try again. Where the worker was updated since the page was loaded, save what you began, and load the page again.",
    };
  }
  if (error instanceof TypeError) {
    return {
      code: "unreachable",
      message: "The worker did not answer.",
      next: "Check that the agent runs: ws agent status.",
    };
  }
  return { code: "unexpected", message: error instanceof Error ? error.message : String(error) };
}

/** A problem that stands below a title: what the title says already is not said again. */
export function under(title: string, problem: Problem): Problem {
  if (!problem.message.startsWith(`${title}: `)) return problem;
  const rest = problem.message.slice(title.length + 2);
  return { ...problem, message: rest.charAt(0).toUpperCase() + rest.slice(1) };
}

/** Whether the agent refused because the token is missing, wrong, expired or revoked. */
export function isUnauthorized(error: unknown): boolean {
  return isAgentError(error) && error.status === 401;
}

/** oRPC's error by its shape: two copies of a library in one page would fail an instanceof. */
function isAgentError(
  value: unknown,
): value is { code: string; status: number; message: string; data?: { code?: unknown; next?: unknown } } {
  return value instanceof Error && "code" in value && typeof value.code === "string" && "status" in value;
}
