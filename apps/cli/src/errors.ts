import type { Io } from "./io.ts";
import { asCalled, asCalledOn } from "./output/as-called.ts";
import { toJson } from "./output/json.ts";
import { inOptions } from "./option-names.ts";
import { printable } from "./output/printable.ts";
import { withLocalInstants } from "./output/time.ts";
import { wrap } from "./output/wrap.ts";

/** What `ws` exits with; a command run by `exec` or `shell` has its own. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  /** No agent, engine or git server answers. */
  unavailable: 5,
  denied: 6,
  /** A task that is followed took too long; the command `timeout` says the same. */
  timedOut: 124,
  /** `exec` and `shell -c` have no exit code of the command, for whatever reason. */
  notRun: 125,
  interrupted: 130,
  /** Nobody reads what is printed any more; a shell says the same of a program that SIGPIPE ended. */
  unread: 141,
} as const;

/** A failure with its stable code, one sentence and the next step. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: string;
  readonly next: string | undefined;
  readonly exit: number;

  constructor(code: string, message: string, options: { next?: string; exit?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.next = options.next;
    this.exit = options.exit ?? EXIT.failed;
  }
}

const EXIT_BY_WIRE_CODE: Record<string, number> = {
  BAD_REQUEST: EXIT.usage,
  UNAUTHORIZED: EXIT.denied,
  FORBIDDEN: EXIT.denied,
  NOT_FOUND: EXIT.notFound,
  CONFLICT: EXIT.conflict,
};
/** Where the wire code says too little: most of what the world refuses is one PRECONDITION_FAILED there. */
const EXIT_BY_CODE: Readonly<Record<string, number>> = {
  workspace_not_found: EXIT.notFound,
  terminal_not_found: EXIT.notFound,
  repository_not_found: EXIT.notFound,
  branch_not_found: EXIT.notFound,
  image_not_found: EXIT.notFound,
  port_taken: EXIT.conflict,
  state_locked: EXIT.conflict,
  engine_unreachable: EXIT.unavailable,
  engine_lost: EXIT.unavailable,
  runtime_unavailable: EXIT.unavailable,
  box_unavailable: EXIT.unavailable,
  box_closed: EXIT.unavailable,
  worker_offline: EXIT.unavailable,
  repository_unreachable: EXIT.unavailable,
  host_key_unknown: EXIT.unavailable,
  host_key_changed: EXIT.unavailable,
  authentication_failed: EXIT.denied,
  credential_missing: EXIT.denied,
  credential_rejected: EXIT.denied,
  credential_expired: EXIT.denied,
  login_needed: EXIT.denied,
  credential_invalid: EXIT.usage,
  forge_unreachable: EXIT.unavailable,
  unsafe_listen: EXIT.usage,
  tls_required: EXIT.denied,
  unauthorized: EXIT.denied,
  forbidden: EXIT.denied,
};

/** What `ws` exits with for a code of the agent's, whichever way it came. */
export function exitFor(code: string | undefined, wireCode?: string): number {
  return EXIT_BY_CODE[code ?? ""] ?? EXIT_BY_WIRE_CODE[wireCode ?? ""] ?? EXIT.failed;
}

/** What the agent's own code refuses in this process, as every refusal is told; anything else as it is. */
export function toldError(error: unknown): unknown {
  const { code, next, message } = error as { code?: unknown; next?: unknown; message: string };
  if (error instanceof CliError || typeof code !== "string" || typeof next !== "string") return error;
  return new CliError(code, message, { next, exit: exitFor(code, UNSENT[code]), cause: error });
}

/** What these would come with from an agent; all others exit by their own code, or as any failure. */
const UNSENT: Readonly<Record<string, string>> = { invalid_input: "BAD_REQUEST", repository_busy: "CONFLICT" };

/** Any failure as one that can be shown: the agent's errors keep their domain code. */
export function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if ((error as { code?: unknown } | null)?.code === "ECONNRESET") return connectionLost(error);
  if (!isRpcError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return new CliError("internal", `Unexpected failure: ${message}`, {
      next: "This is a defect of ws. Run it again with WS_DEBUG=1 and report what it prints.",
      cause: error,
    });
  }
  const { code } = error.data ?? {};
  const { message, next } = inOptions(error.message, error.data?.next);
  return new CliError(code ?? error.code.toLowerCase(), message, {
    ...(next === undefined ? {} : { next }),
    exit: exitFor(code, error.code),
    cause: error,
  });
}

/** The failure of a connection that broke while an answer was still coming. */
export function connectionLost(cause?: unknown): CliError {
  return new CliError("connection_lost", "The connection to the agent was lost.", {
    next: "Repeat the command once the agent runs again.",
    exit: EXIT.unavailable,
    cause,
  });
}

/** Told by shape: importing the class would load the RPC library for `ws --help`. */
function isRpcError(
  error: unknown,
): error is Error & { code: string; status: number; data?: { code?: string; next?: string } } {
  return error instanceof Error && "defined" in error && "status" in error && "code" in error;
}

/** They tell how to get in, which is asked of the agent that is reached first. */
const AT_THE_DOOR: ReadonlySet<string> = new Set(["unauthorized", "forbidden", "permission_denied"]);

/**
 * Prints a failure; `on` is the worker that the command line names, where it does. What was built or cloned may have put
 * anything into its words.
 */
export function printError(io: Io, error: CliError, json: boolean, on?: string): void {
  const { code } = error;
  const isAtTheDoor = AT_THE_DOOR.has(code);
  const typed = (text: string): string => (isAtTheDoor ? asCalled(text, io.env) : asCalledOn(text, io.env, on));
  const message = printable(error.message);
  const next = error.next === undefined ? undefined : typed(printable(error.next));
  if (json) {
    io.stderr.write(`${toJson({ error: { code, message, next } })}\n`);
  } else {
    const width = io.stderr.isTTY === true ? io.stderr.columns : undefined;
    const [sentence = "", ...quoted] = message.split("\n");
    const lines = [
      wrap(`ws: ${withLocalInstants(sentence)} (${code})`, width, 4),
      ...quoted.map((line) => `    | ${line}`),
    ];
    if (next !== undefined) lines.push(wrap(`    ${withLocalInstants(next)}`, width, 4));
    io.stderr.write(`${lines.join("\n")}\n`);
  }
  if (io.env["WS_DEBUG"] !== undefined) io.stderr.write(`${String((error.cause as Error)?.stack ?? error.stack)}\n`);
}
