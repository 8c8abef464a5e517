import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { type TaskId, taskNotFound, type TaskOutput, type TaskRecord, toWsError, WsError } from "@ws/workspace-core";
import { createPlaces } from "../access/find-workspace.ts";
import { authorize } from "../access/authorize.ts";
import { ruleOf } from "../access/rules/index.ts";
import type { RequestContext, Services } from "../rpc/context.ts";
import { createReport } from "../rpc/report.ts";
import { untilGone } from "../rpc/until.ts";
import { answerFailure } from "./answer-failure.ts";
import { attachment, entityTag, parseRange } from "./file-headers.ts";
import { untilLeft } from "./until-left.ts";

const PROCEDURE = ["tasks", "output"];

export type TaskLog = (
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
  target: { task: string; query: URLSearchParams },
) => Promise<void>;

/**
 * What an attempt of a task has said until now, byte for byte, as a file; what was not kept of it is a line in its place. `since` is where among all that
 * it said the file begins. Of an attempt that is over any part of the file can be asked for.
 */
export function createTaskLog(services: Services): TaskLog {
  const report = createReport(services);
  const { named: find, withTask, about } = createPlaces(services.state);

  return async (request, response, context, { task, query }) => {
    const name = query.get("name") ?? undefined;
    const input = { task, ...(name === undefined ? {} : { name }) };
    const left = untilLeft(response);
    try {
      const rule = ruleOf(PROCEDURE);
      if (rule === undefined) throw new Error("what a task said is read by a procedure of this name");
      authorize(context.caller, rule, input, find, PROCEDURE, withTask);
      const tasks = await services.tasks();
      const record = tasks.get(task as TaskId);
      if (name !== undefined && find(name) !== record.workspace) throw taskNotFound(task);
      const asked = askedOf(query, record);
      const { attempt, stream, since } = asked;
      const signal = untilGone(services, context, left);
      const parts = tasks.output(record.id, { from: { attempt, offset: since }, stream, signal });
      // Asked for before the answer begins, so that what cannot be read is an error and no empty file.
      const first = await parts.next();
      const content = asBytes(first, parts, since);
      const isOver = record.attempt > attempt || record.status !== "running";
      const headers = {
        "content-type": "text/plain; charset=utf-8",
        "content-security-policy": "sandbox; default-src 'none'",
        "cache-control": "no-store",
        ...attachment(`${task}${stream === "errors" ? ".errors" : ""}.log`),
        ...(isOver ? { "accept-ranges": "bytes", etag: entityTag(`${task}.${attempt}.${stream}.${since}`) } : {}),
      };
      const range = isOver && isOurs(request, headers.etag) ? parseRange(request.headers.range) : undefined;
      if (range !== undefined) return await givePart(response, content, { range, headers, method: request.method });
      response.writeHead(200, headers);
      if (request.method === "HEAD") return void response.end();
      await pipeline(content, response, { signal });
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      answerFailure(response, report(toWsError(error), about(input)));
    }
  };
}

interface Asked {
  attempt: number;
  stream: "output" | "errors";
  since: number;
}

function askedOf(query: URLSearchParams, record: TaskRecord): Asked {
  const number = (field: string, otherwise: number): number => {
    const text = query.get(field);
    if (text === null) return otherwise;
    if (!/^\d{1,15}$/.test(text)) throw unfit(field, "is a whole number");
    return Number(text);
  };
  const stream = query.get("stream") ?? "output";
  if (stream !== "output" && stream !== "errors") throw unfit("stream", "is output or errors");
  return { attempt: number("attempt", Math.max(1, record.attempt)), stream, since: number("since", 0) };
}

/** Whether the part that is asked for is of the file as it is. */
function isOurs({ headers }: IncomingMessage, tag: string | undefined): boolean {
  return headers["if-range"] === undefined || headers["if-range"] === tag;
}

/** A few MiB at most are kept of an attempt. */
async function givePart(
  response: ServerResponse,
  content: AsyncIterable<Uint8Array>,
  {
    range,
    headers,
    method,
  }: { range: object & ReturnType<typeof parseRange>; headers: object; method?: string | undefined },
): Promise<void> {
  const whole = Buffer.concat(await Array.fromAsync(content));
  const { length: size } = whole;
  const { last, from = last === undefined ? 0 : Math.max(0, size - last), to = size } = range;
  if (from >= size) {
    response.writeHead(416, { ...headers, "content-range": `bytes */${size}`, "content-length": 0 });
    return void response.end();
  }
  const part = whole.subarray(from, to);
  response.writeHead(206, {
    ...headers,
    "content-length": part.length,
    "content-range": `bytes ${from}-${from + part.length - 1}/${size}`,
  });
  response.end(method === "HEAD" ? undefined : part);
}

async function* asBytes(
  first: IteratorResult<TaskOutput, unknown>,
  rest: AsyncGenerator<TaskOutput>,
  since: number,
): AsyncGenerator<Uint8Array> {
  let end = since;
  for (let next = first; next.done !== true; next = await rest.next()) {
    const { offset, bytes } = next.value;
    if (offset > end) yield Buffer.from(`\n[${offset - end} bytes were not kept]\n`);
    end = offset + bytes.length;
    yield bytes;
  }
}

function unfit(field: string, why: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${field}' ${why}.`,
    next: "Correct it and try again.",
    data: { field },
  });
}
