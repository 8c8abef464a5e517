import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { systemTimers, watchStream } from "@ws/rpc-contract/connection";
import type { Target } from "../target.ts";
import { unreachable } from "../unreachable.ts";

/** `fetch` that also reaches a unix socket, which Node's own does not. Rejects with a `CliError` where nothing answers. */
export function agentFetch(target: Target): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    const secure = url.protocol === "https:";
    const send = secure ? (await import("node:https")).request : httpRequest;
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    const headers = Object.fromEntries(request.headers);
    if (body !== undefined) headers["content-length"] = String(body.length);
    return new Promise((resolve, reject) => {
      const outgoing: ClientRequest = send(
        url,
        {
          method: request.method,
          headers,
          signal: request.signal,
          ...(target.kind === "socket" ? { socketPath: target.path } : {}),
        },
        (incoming) => resolve(watchStream(responseOf(incoming), { timers: systemTimers })),
      );
      outgoing.on("error", (error) => reject(request.signal.aborted ? error : unreachable(target, error)));
      outgoing.end(body);
    });
  };
}

function responseOf(incoming: IncomingMessage): Response {
  const status = incoming.statusCode ?? 500;
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const empty = status === 204 || status === 304;
  return new Response(empty ? null : Readable.toWeb(incoming), { status, headers });
}
