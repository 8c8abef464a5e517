/** A failure as a tool tells it: the stable code, one sentence, and the next step. */
export interface Failure {
  code: string;
  message: string;
  next?: string;
  details?: Record<string, unknown>;
}

export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Any failure: the agent's errors keep their domain code, and so does what never reached the agent. */
export function toFailure(error: unknown): Failure {
  if (error instanceof ToolError) return error.failure;
  if (!(error instanceof Error)) return { code: "internal", message: String(error) };
  if (error.name === "AbortError") return { code: "aborted", message: "The call was cancelled." };
  const { code, next, data } = error as Error & { code?: unknown; next?: unknown; data?: Partial<Failure> };
  const told = data?.next ?? next;
  return {
    code: data?.code ?? (typeof code === "string" ? code : "internal"),
    message: error.message,
    ...(typeof told === "string" ? { next: told } : {}),
    ...(data?.details === undefined ? {} : { details: data.details }),
  };
}
