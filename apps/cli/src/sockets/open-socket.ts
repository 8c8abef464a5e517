import type { IncomingMessage } from "node:http";
import { tokenProblem } from "@ws/rpc-contract/connection";
import WebSocket from "ws";
import { CliError, EXIT, exitFor } from "../errors.ts";
import { prefixOf, type Target } from "../target.ts";
import { unreachable } from "../unreachable.ts";
import { authorizationOf } from "./authorization.ts";
import { secureAgent } from "./pinned.ts";

/** Opens a WebSocket of the agent, whichever way it is reached. Rejects with a `CliError`; `path` starts with a slash. */
export async function openSocket(target: Target, path: string): Promise<WebSocket> {
  const { socket, opened } = dialSocket(target, path);
  await opened;
  return socket;
}

/** The same while it is still being opened; a failure of `opened` has closed it. */
export function dialSocket(target: Target, path: string): { socket: WebSocket; opened: Promise<void> } {
  const base = target.kind === "socket" ? `ws+unix:${target.path}:` : target.url.replace(/^http/, "ws");
  const agent = target.kind === "http" ? secureAgent(target) : undefined;
  const socket = new WebSocket(`${base}${prefixOf(target)}${path}`, {
    perMessageDeflate: false,
    handshakeTimeout: 10_000,
    ...(agent === undefined ? {} : { agent }),
    headers: { ...authorizationOf(target) },
  });
  const opened = new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    // Errors after the opening show as a close; without a listener they would end the process.
    socket.on("error", (error) => reject(unreachable(target, error)));
    socket.once("unexpected-response", (_request, response) => {
      void said(response)
        .then((error) => reject(error ?? refusal(response.statusCode ?? 0)))
        .finally(() => socket.terminate());
    });
  });
  return { socket, opened };
}

const LONGEST_ANSWER = 16 * 1024;

/** What the agent says why; of a token that is no good, with what to do on this device. */
async function said(response: IncomingMessage): Promise<CliError | undefined> {
  try {
    let text = "";
    for await (const piece of response as AsyncIterable<Buffer>) {
      text += piece.toString();
      if (text.length > LONGEST_ANSWER) return undefined;
    }
    const { code: wire, message, data } = JSON.parse(text) as Partial<Said>;
    if (typeof message !== "string" || typeof data?.code !== "string") return undefined;
    if (response.statusCode === 401) return refusedToken(message);
    const next = typeof data.next === "string" ? { next: data.next } : {};
    return new CliError(data.code, message, { exit: exitFor(data.code, wire), ...next });
  } catch {
    return undefined;
  }
}

interface Said {
  code: string;
  message: string;
  data: { code: string; next?: string };
}

/** Of a socket that is closed with the code for it; the reason is one of four words. */
export function closedToken(reason: string): CliError {
  return refusedToken(tokenProblem(reason)?.message ?? "The worker refused this token.");
}

function refusedToken(message: string): CliError {
  return new CliError("unauthorized", message, {
    next: "Pair again: 'ws pair' on the worker, and here what it shows. For a script, make another token there: ws token create NAME.",
    exit: EXIT.denied,
  });
}

function refusal(status: number): CliError {
  if (status === 401 || status === 403) return refusedToken(`The worker refused this token (${status}).`);
  if (status === 404)
    return new CliError("not_found", "The worker does not know this workspace.", { exit: EXIT.notFound });
  return new CliError("refused", `The worker answered ${status}.`, { exit: EXIT.unavailable });
}
