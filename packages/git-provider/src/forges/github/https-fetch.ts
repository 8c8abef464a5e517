import { Agent, request } from "node:https";
import type { SecureContext } from "node:tls";

/** The part of `fetch` that the API's client needs. */
export type ApiFetch = (
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string; signal?: AbortSignal },
) => Promise<Response>;

export interface HttpsFetchOptions {
  secureContext: () => SecureContext;
  /** Without a byte from the server. */
  idleMs: number;
}

/** No answer that is asked for here comes near this. */
const MAX_BYTES = 33_554_432;

/** A fetch that trusts further authorities than the process does, which the built-in one cannot be told. Follows no redirect. */
export function createHttpsFetch({ secureContext, idleMs }: HttpsFetchOptions): ApiFetch {
  let agent: Agent | undefined;
  return (url, { method = "GET", headers = {}, body, signal }) =>
    new Promise((resolve, reject) => {
      // Shorter than a server keeps a connection, so that a request is not begun on one that is being closed.
      agent ??= new Agent({ keepAlive: true, maxFreeSockets: 4, timeout: 4_000, secureContext: secureContext() });
      const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
      const asked = request(url, { agent, method, headers: { ...headers, ...length }, timeout: idleMs, signal });
      asked.on("timeout", () => asked.destroy(new Error(`no answer within ${idleMs / 1_000} s`)));
      asked.on("error", reject);
      asked.on("response", (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MAX_BYTES) asked.destroy(new Error("the answer is too large"));
          else chunks.push(chunk);
        });
        answer.on("error", reject);
        answer.on("end", () => {
          const status = answer.statusCode ?? 0;
          const isEmpty = status === 204 || status === 304;
          const named = Object.entries(answer.headers).flatMap(([name, value]) =>
            [value ?? []].flat().map((one): [string, string] => [name, one]),
          );
          const response = new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: named });
          // The client turns pages by it, and one that is made here has none.
          resolve(Object.defineProperty(response, "url", { value: url }));
        });
      });
      asked.end(body);
    });
}
