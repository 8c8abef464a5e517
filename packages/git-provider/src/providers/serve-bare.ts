import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { localGitEnvironment } from "./local-git.ts";

/** Settings of the repository for this one request; whose it is has been judged before. */
const SETTINGS = (repository: string): readonly (readonly [string, string])[] => [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["http.receivepack", "true"],
  ["http.uploadpack", "true"],
  ["uploadpack.allowFilter", "true"],
  ["safe.directory", repository],
];

/** Answers one request of git's smart protocol from a bare repository, with git's own server, streaming both ways. */
export async function serveBare(
  request: IncomingMessage,
  response: ServerResponse,
  { repository, service, query, path }: { repository: string; service: string; query: string; path: string },
): Promise<void> {
  const { headers } = request;
  const settings = SETTINGS(repository);
  const child = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    cwd: "/",
    env: {
      ...localGitEnvironment(path),
      GIT_PROJECT_ROOT: dirname(repository),
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: `/${basename(repository)}/${service}`,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      REMOTE_USER: "workspace",
      REMOTE_ADDR: "127.0.0.1",
      CONTENT_TYPE: headers["content-type"] ?? "",
      ...(headers["content-length"] === undefined ? {} : { CONTENT_LENGTH: headers["content-length"] }),
      ...(headers["content-encoding"] === undefined ? {} : { HTTP_CONTENT_ENCODING: headers["content-encoding"] }),
      ...(headers["git-protocol"] === undefined ? {} : { GIT_PROTOCOL: String(headers["git-protocol"]) }),
      GIT_CONFIG_COUNT: String(settings.length),
      ...Object.fromEntries(
        settings.flatMap(([name, value], at) => [
          [`GIT_CONFIG_KEY_${at}`, name],
          [`GIT_CONFIG_VALUE_${at}`, value],
        ]),
      ),
    },
  });
  const ended = new Promise<never>((_, reject) => child.once("error", reject));
  ended.catch(() => undefined);
  response.on("close", () => child.kill());
  child.stdin.on("error", () => undefined);
  request.pipe(child.stdin);
  const body = await Promise.race([readHead(child.stdout, response), ended]);
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
