import WebSocket from "ws";
import { CliError, EXIT } from "../errors.ts";
import type { Target } from "../target.ts";
import { unreachable } from "../unreachable.ts";

/** Opens a WebSocket of the agent, whichever way it is reached. Rejects with a `CliError`; `path` starts with a slash. */
export async function openSocket(target: Target, path: string): Promise<WebSocket> {
  const { socket, opened } = dialSocket(target, path);
  await opened;
  return socket;
}

/** The same while it is still being opened; a failure of `opened` has closed it. */
export function dialSocket(target: Target, path: string): { socket: WebSocket; opened: Promise<void> } {
  const base = target.kind === "socket" ? `ws+unix:${target.path}:` : target.url.replace(/^http/, "ws");
  const token = target.kind === "http" ? target.token : undefined;
  const socket = new WebSocket(`${base}${path}`, {
    perMessageDeflate: false,
    handshakeTimeout: 10_000,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  const opened = new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    // Errors after the opening show as a close; without a listener they would end the process.
    socket.on("error", (error) => reject(unreachable(target, error)));
    socket.once("unexpected-response", (_request, response) => {
      reject(refusal(response.statusCode ?? 0));
      socket.terminate();
    });
  });
  return { socket, opened };
}

function refusal(status: number): CliError {
  if (status === 401 || status === 403) {
    return new CliError("unauthorized", `The worker refused this token (${status}).`, {
      next: "Make another on the worker: ws token create NAME; then here: ws config set token VALUE.",
      exit: EXIT.denied,
    });
  }
  if (status === 404)
    return new CliError("not_found", "The worker does not know this workspace.", { exit: EXIT.notFound });
  return new CliError("refused", `The worker answered ${status}.`, { exit: EXIT.unavailable });
}
