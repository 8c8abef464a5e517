import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

/** Node's request as the web's, for libraries that take only that; its body has been read already. */
export function toWebRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return new Request(new URL(request.url ?? "/", "http://localhost"), {
    method: request.method ?? "GET",
    headers,
    signal,
  });
}

/** Sends the web's response as Node's; where the signal aborts, the connection ends without the rest. */
export async function sendWebResponse(response: ServerResponse, answer: Response, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return void response.destroy();
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) return void response.end();
  await pipeline(answer.body as AsyncIterable<Uint8Array>, response, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
