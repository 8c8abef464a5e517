import { toWsError, WsError } from "@ws/workspace-core";

/** What a failed request to the engine means to the domain. `statusCode` answers are left to the caller. */
export function connectionError(error: unknown, address: string): WsError | undefined {
  const code = codeOf(error);
  if (code !== undefined && NEVER_CONNECTED.has(code)) return engineUnreachable(address, code, error);
  if (code !== undefined && CUT.has(code)) return engineLost(address, error);
  return undefined;
}

/** The HTTP status that the engine refused with. */
export function statusCodeOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === "number" ? status : undefined;
}

/** The engine's own words, without the client library's frame around them. */
export function engineMessage(error: unknown): string {
  const json = (error as { json?: { message?: unknown } | null } | null)?.json;
  if (typeof json?.message === "string") return json.message.trim();
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\) [^-]* - /, "").trim();
}

/** Any failure of a request as a domain error. */
export function engineError(error: unknown, address: string): WsError {
  if (error instanceof WsError) return error;
  const connection = connectionError(error, address);
  if (connection !== undefined) return connection;
  const message = engineMessage(error);
  if (isDiskFull(message)) return diskFull(error);
  if (statusCodeOf(error) === undefined) return toWsError(error);
  return new WsError("internal", { message: `The Docker engine refused: ${message}`, data: {}, cause: error });
}

export function engineUnreachable(address: string, reason: string, cause?: unknown): WsError<"engine_unreachable"> {
  const denied = reason === "EACCES" || reason === "EPERM";
  return new WsError("engine_unreachable", {
    message: denied
      ? `This user may not use the Docker engine at ${address}.`
      : `No Docker engine answers at ${address} (${reason}).`,
    next: denied
      ? "Add the user to the docker group ('sudo usermod -aG docker $USER') and log in again."
      : "Start it ('sudo systemctl start docker', or Docker Desktop), then try again.",
    data: { runtime: "docker" },
    cause,
  });
}

export function engineLost(address: string, cause?: unknown): WsError<"engine_lost"> {
  return new WsError("engine_lost", {
    message: `The Docker engine at ${address} stopped answering.`,
    next: "It is retried by itself; if it stays away, look at 'systemctl status docker'.",
    data: { runtime: "docker" },
    cause,
  });
}

// The engine passes the kernel's text on and has no code of its own for this.
export function isDiskFull(message: string): boolean {
  return /no space left on device|disk quota exceeded/i.test(message);
}

export function diskFull(cause?: unknown): WsError<"disk_full"> {
  return new WsError("disk_full", {
    message: "The disk that the Docker engine keeps its data on is full.",
    next: "Delete workspaces that are no longer needed, or free space with 'docker system df' and 'docker image prune'.",
    data: {},
    cause,
  });
}

const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOENT",
  "EACCES",
  "EPERM",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ETIMEDOUT",
]);
const CUT = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "ERR_STREAM_PREMATURE_CLOSE"]);

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}
