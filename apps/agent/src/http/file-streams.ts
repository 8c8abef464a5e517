import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { toWsError, type WorkspaceFiles, WsError, type WorkspaceId } from "@ws/workspace-core";
import { authorize } from "../access/authorize.ts";
import { ruleOf } from "../access/rules/index.ts";
import { createAuditing } from "../rpc/auditing.ts";
import { dateOf } from "../date-of.ts";
import type { RequestContext, Services } from "../rpc/context.ts";
import { createReport } from "../rpc/report.ts";
import { untilGone } from "../rpc/until.ts";
import { answerFailure } from "./answer-failure.ts";
import { attachment, entityTag, parseRange } from "./file-headers.ts";
import { untilLeft } from "./until-left.ts";

/** What `/files/NAME/PATH` leads to; the path is absent where it is escaped wrongly. */
export interface FileTarget {
  workspace: string;
  path?: string;
  query: URLSearchParams;
}

export type FileStreams = (
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
  target: FileTarget,
) => Promise<void>;

/** A file may be a page with a script in it: nothing of it runs, whatever a browser takes it for. */
const UNTRUSTED = { "content-security-policy": "sandbox; default-src 'none'", "cache-control": "no-store" };

/** Bytes of any size: GET gives a file, or a directory as tar or zip; PUT takes a file, or a tar that is unpacked. */
export function createFileStreams(services: Services): FileStreams {
  const report = createReport(services);
  const audit = createAuditing(services);
  const find = (name: string): WorkspaceId | undefined => services.state.workspaces.getByName(name)?.id;

  return async (request, response, context, target) => {
    const { workspace: name } = target;
    const procedure = ["files", request.method === "PUT" ? "write" : "read"];
    const input = { name, path: target.path, ...(request.method === "PUT" ? saidOf(target) : {}) };
    const call = { context, path: procedure, input };
    const left = untilLeft(response);
    try {
      const rule = ruleOf(procedure);
      if (rule === undefined) throw new Error("files are read and written by procedures of these names");
      authorize(context.caller, rule, input, find, procedure);
      const signal = untilGone(services, context, left);
      const { workspaces } = await services.ready();
      const files = await workspaces.files(name, { layers: context.caller?.policy ?? [], signal });
      const path = pathOf(target);
      if (request.method === "PUT") await take(files, path, target.query, request, response, signal);
      else await give(files, path, target, request, response, signal);
      audit(call, "ok");
    } catch (error) {
      const failure = toWsError(error);
      audit(call, failure.code);
      // What is cut short must not be taken for a whole.
      if (response.headersSent) return void response.destroy();
      // What is still coming is read, so that the client gets to the answer.
      request.resume();
      answerFailure(response, report(failure, find(name)));
    }
  };
}

/** What the address says beside the path, as the procedure's input would: not every token may say it. */
function saidOf({ query }: FileTarget): Record<string, string> {
  return Object.fromEntries([...query].filter(([key]) => key === "mode" || key === "format"));
}

async function give(
  files: WorkspaceFiles,
  path: string,
  { workspace, query }: FileTarget,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const format = query.get("format");
  const last = path.split("/").findLast((segment) => segment !== "" && segment !== ".") ?? workspace;
  if (format !== null) {
    if (format !== "tar" && format !== "zip") throw unfit("format", "is tar or zip");
    const content = await files.archive(path, format, { signal });
    response.writeHead(200, {
      ...UNTRUSTED,
      "content-type": `application/${format === "tar" ? "x-tar" : "zip"}`,
      ...attachment(`${last}.${format}`),
    });
    return request.method === "HEAD" ? void response.end() : pipeline(content, response, { signal });
  }
  const asked = parseRange(request.headers.range);
  await using file = await opened(files, path, asked, signal);
  const { size, version } = file.stat;
  const tag = entityTag(version);
  const headers = {
    ...UNTRUSTED,
    ...attachment(last),
    "content-type": "application/octet-stream",
    etag: tag,
    "accept-ranges": "bytes",
  };
  if (request.headers["if-none-match"] === tag) return void response.writeHead(304, headers).end();
  const { from, to } = file.range;
  if (asked !== undefined && from >= size) {
    return void response.writeHead(416, { ...headers, "content-range": `bytes */${size}`, "content-length": 0 }).end();
  }
  const length = to - from;
  response.writeHead(asked === undefined ? 200 : 206, {
    ...headers,
    "content-length": length,
    "last-modified": dateOf(file.stat.modifiedAt).toUTCString(),
    ...(asked === undefined ? {} : { "content-range": `bytes ${from}-${to - 1}/${size}` }),
  });
  if (request.method === "HEAD") return void response.end();
  await pipeline(exactly(file.content, length), response, { signal });
}

/** The file at the bytes that were asked for; of the last so many, once its size is known. */
async function opened(files: WorkspaceFiles, path: string, asked: ReturnType<typeof parseRange>, signal: AbortSignal) {
  let from = asked?.from ?? 0;
  if (asked?.last !== undefined) {
    await using looked = await files.download(path, { length: 0, signal });
    from = Math.max(0, looked.stat.size - asked.last);
  }
  const file = await files.download(path, {
    offset: from,
    ...(asked?.to === undefined ? {} : { length: asked.to - from }),
    signal,
  });
  const to = Math.max(from, Math.min(asked?.to ?? Infinity, file.stat.size));
  return { ...file, range: { from, to }, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
}

/** As many bytes as were promised: a file that grew is cut, and one that shrank ends the connection. */
async function* exactly(content: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let left = length;
  if (left === 0) return;
  for await (const chunk of content) {
    yield chunk.subarray(0, left);
    left -= Math.min(left, chunk.length);
    if (left === 0) return;
  }
  throw new WsError("file_changed", { message: "The file became shorter while it was read.", data: { path: "" } });
}

async function take(
  files: WorkspaceFiles,
  path: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const format = query.get("format");
  if (format !== null) {
    if (format !== "tar") throw unfit("format", "is tar");
    return answer(request, response, 200, await files.unpack(path, request, { signal }));
  }
  const mode = query.get("mode");
  if (mode !== null && !/^[0-7]{3}$/.test(mode)) throw unfit("mode", "is permission bits in octal, such as 755");
  const expect = expected(request);
  const written = await files.write(path, request, {
    signal,
    ...(mode === null ? {} : { mode: Number.parseInt(mode, 8) }),
    ...(expect === undefined ? {} : { expect }),
  });
  answer(request, response, written.created ? 201 : 200, written, { etag: entityTag(written.version) });
}

function expected({ headers }: IncomingMessage): string | undefined {
  if (headers["if-none-match"] === "*") return "absent";
  const match = headers["if-match"];
  if (match === undefined || match === "*") return undefined;
  const [, version] = /^"(.*)"$/.exec(match) ?? [];
  if (version === undefined) throw unfit("If-Match", "is one version in quotes");
  return unescaped(version);
}

/** Nothing was given out that does not come back as it was. */
function unescaped(version: string): string {
  try {
    return decodeURIComponent(version);
  } catch {
    throw unfit("If-Match", "is one version in quotes");
  }
}

function pathOf({ path }: FileTarget): string {
  if (path === undefined) throw unfit("path", "is not escaped as in a URL");
  return path;
}

function unfit(field: string, why: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${field}' ${why}.`,
    next: "See /api for what files take.",
    data: { field },
  });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: object,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
