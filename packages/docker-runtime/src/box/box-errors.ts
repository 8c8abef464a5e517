import { isWsError, toWsError, type WorkspaceId, WsError } from "@ws/workspace-core";

import { engineMessage, statusCodeOf } from "../engine-errors.ts";

export function boxClosed(id: WorkspaceId, cause?: unknown): WsError<"box_closed"> {
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return new WsError("box_closed", {
    message: `The channel into the workspace is closed${why}.`,
    next: "Try again; the agent opens another one.",
    data: { workspace: id },
    cause,
  });
}

export function notRunning(id: WorkspaceId, cause?: unknown): WsError<"box_unavailable"> {
  return new WsError("box_unavailable", {
    message: `The container of ${id} does not run.`,
    next: "Start the workspace first.",
    data: { workspace: id },
    cause,
  });
}

export function boxUnavailable(id: WorkspaceId, cause: unknown): WsError {
  if (isWsError(cause)) return cause;
  const aborted = toWsError(cause);
  if (aborted.code === "aborted") return aborted;
  const message = engineMessage(cause);
  if (statusCodeOf(cause) === 409 && message.endsWith("is not running")) return notRunning(id, cause);
  return new WsError("box_unavailable", {
    message: `The workspace could not be entered: ${message}`,
    data: { workspace: id },
    cause,
  });
}
