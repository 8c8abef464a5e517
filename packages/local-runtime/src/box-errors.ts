import { WsError, type WorkspaceId } from "@ws/workspace-core";

/** The channel is gone. */
export function boxClosed(id: WorkspaceId): WsError<"box_closed"> {
  return new WsError("box_closed", {
    message: `The channel into ${id} is closed.`,
    next: "Try again; another one is opened.",
    data: { workspace: id },
  });
}

/** There is no way in. */
export function boxUnavailable(id: WorkspaceId, reason: string, next?: string): WsError<"box_unavailable"> {
  return new WsError("box_unavailable", {
    message: `${id} cannot be entered: ${reason}.`,
    ...(next === undefined ? {} : { next }),
    data: { workspace: id },
  });
}

/** What the start script answered instead of `started`. */
export function startError(answer: string, command: string, cwd: string): WsError | undefined {
  switch (answer) {
    case "command missing":
      return new WsError("command_not_found", {
        message: `There is no command '${command}' in this workspace.`,
        next: "Check how it is written, or install it in the workspace.",
        data: { command },
      });
    case "command denied":
      return new WsError("permission_denied", {
        message: `'${command}' is not an executable file.`,
        next: `Make it executable: chmod +x ${command}`,
        data: { path: command },
      });
    case "cwd missing":
      return new WsError("file_not_found", {
        message: `The directory ${cwd} does not exist.`,
        next: "Name a directory that is there, or make this one first.",
        data: { path: cwd },
      });
    case "cwd not_directory":
      return new WsError("not_a_directory", {
        message: `${cwd} is not a directory.`,
        next: "Name the directory it lies in.",
        data: { path: cwd },
      });
    case "cwd denied":
      return new WsError("permission_denied", {
        message: `The directory ${cwd} cannot be entered.`,
        next: "Name a directory that the user of the workspace may enter.",
        data: { path: cwd },
      });
    default:
      return undefined;
  }
}
