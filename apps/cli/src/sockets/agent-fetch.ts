import type { ClientRequest, IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { systemTimers, watchStream } from "@ws/rpc-contract/connection";
import type { Target } from "../target.ts";
import { unreachable } from "../unreachable.ts";
import { authorizationOf } from "./authorization.ts";
import { wayTo } from "./way-to.ts";

/**
 * `fetch` that also reaches a unix socket, which Node's own does not. What it gives rejects with a `CliError` where nothing answers, and with
 * the signal's reason, as an answer that is being read does, once `ended` is aborted. Throws `pin_mismatch`, `config_invalid`.
 */
export async function agentFetch(
  target: Target,
  ended?: AbortSignal,
): Promise<(request: Request) => Promise<Response>> {
  const { send, options } = await wayTo(target);
  return async (request) => {
    const url = new URL(request.url);
    const signal = ended === undefined ? request.signal : AbortSignal.any([request.signal, ended]);
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    const headers = { ...authorizationOf(target), ...Object.fromEntries(request.headers) };
    return new Promise((resolve, reject) => {
      const outgoing: ClientRequest = send(
        url,
        {
          method: request.method,
          headers: body === undefined ? headers : { ...headers, "content-length": String(body.length) },
          signal,
          ...options,
        },
        (incoming) => resolve(watchStream(responseOf(incoming), { timers: systemTimers })),
      );
      outgoing.on("error", (error) => reject(signal.aborted ? error : unreachable(target, error)));
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
