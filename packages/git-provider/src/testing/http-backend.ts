import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

/** Answers one request with `git http-backend`, streaming both ways. */
export async function serveWithBackend(
  request: IncomingMessage,
  response: ServerResponse,
  options: { root: string; path: string; query: string; push: boolean; user: string | undefined },
): Promise<void> {
  const { headers } = request;
  const child = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      PATH: process.env["PATH"],
      GIT_PROJECT_ROOT: options.root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: options.path,
      QUERY_STRING: options.query,
      REQUEST_METHOD: request.method,
      REMOTE_ADDR: request.socket.remoteAddress,
      CONTENT_TYPE: headers["content-type"] ?? "",
      ...(options.user === undefined ? {} : { REMOTE_USER: options.user }),
      ...(headers["content-length"] === undefined ? {} : { CONTENT_LENGTH: headers["content-length"] }),
      ...(headers["content-encoding"] === undefined ? {} : { HTTP_CONTENT_ENCODING: headers["content-encoding"] }),
      ...(headers["git-protocol"] === undefined ? {} : { GIT_PROTOCOL: String(headers["git-protocol"]) }),
      // The child sees neither the user's nor the system's configuration, which differ from machine to machine.
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_COUNT: "3",
      GIT_CONFIG_KEY_0: "http.receivepack",
      GIT_CONFIG_VALUE_0: String(options.push),
      GIT_CONFIG_KEY_1: "safe.directory",
      GIT_CONFIG_VALUE_1: "*",
      GIT_CONFIG_KEY_2: "uploadpack.allowFilter",
      GIT_CONFIG_VALUE_2: "true",
    },
  });
  response.on("close", () => child.kill());
  child.stdin.on("error", () => undefined);
  request.pipe(child.stdin);
  const body = await readHead(child.stdout, response);
  await pipeline(body, response);
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
