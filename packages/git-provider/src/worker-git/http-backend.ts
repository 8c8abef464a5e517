import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** How `git http-backend` is told of a request: `path` is below `root`, with its first slash. */
export function backendEnvironment(
  { method = "", headers }: IncomingMessage,
  { root, path, query }: { root: string; path: string; query: string },
): Record<string, string> {
  return {
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: path,
    QUERY_STRING: query,
    REQUEST_METHOD: method,
    CONTENT_TYPE: headers["content-type"] ?? "",
    ...(headers["content-length"] === undefined ? {} : { CONTENT_LENGTH: headers["content-length"] }),
    ...(headers["content-encoding"] === undefined ? {} : { HTTP_CONTENT_ENCODING: headers["content-encoding"] }),
    ...(headers["git-protocol"] === undefined ? {} : { GIT_PROTOCOL: String(headers["git-protocol"]) }),
  };
}

export interface Backend {
  stdin: Writable;
  stdout: Readable;
  kill(): void;
}

/** Lets a started `git http-backend` answer a request, streaming both ways; it ends with the response. */
export async function answerWithBackend(
  request: IncomingMessage,
  response: ServerResponse,
  backend: Backend,
): Promise<void> {
  response.on("close", () => backend.kill());
  backend.stdin.on("error", () => undefined);
  request.pipe(backend.stdin);
  await pipeline(await readHead(backend.stdout, response), response);
}

/** Reads the CGI header, `Status:` included, onto the response; what is left of the stream is the body. */
async function readHead(output: AsyncIterable<Buffer>, response: ServerResponse): Promise<AsyncIterable<Buffer>> {
  const iterator = output[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let end = -1;
  while (end === -1) {
    const { done, value } = await iterator.next();
    if (done === true) throw new Error("git http-backend ended without a header");
    head = Buffer.concat([head, value]);
    end = head.indexOf("\r\n\r\n");
  }
  for (const line of head.subarray(0, end).toString("latin1").split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === "status") response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  const rest = head.subarray(end + 4);
  return (async function* () {
    if (rest.length > 0) yield rest;
    yield* { [Symbol.asyncIterator]: () => iterator };
  })();
}
