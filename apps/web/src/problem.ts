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
    return {
      code: typeof code === "string" ? code : error.code.toLowerCase(),
      message: error.message,
      ...(typeof next === "string" ? { next } : {}),
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
