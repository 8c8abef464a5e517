import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { wireErrors } from "@ws/rpc-contract";
import { type TaskId, taskNotFound, type TaskOutput, toWsError, type WorkspaceId } from "@ws/workspace-core";
import { authorize, ruleOf } from "../access/rules.ts";
import type { RequestContext, Services } from "../rpc/context.ts";
import { createReport } from "../rpc/report.ts";
import { untilGone } from "../rpc/until.ts";
import { attachment } from "./file-headers.ts";
import { untilLeft } from "./until-left.ts";

const PROCEDURE = ["tasks", "output"];

export type TaskLog = (
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
  target: { task: string; query: URLSearchParams },
) => Promise<void>;

/** What an attempt of a task has said until now, byte for byte, as a file; what was not kept of it is a line in its place. */
export function createTaskLog(services: Services): TaskLog {
  const report = createReport(services);
  const find = (name: string): WorkspaceId | undefined => services.state.workspaces.getByName(name)?.id;

  return async (request, response, context, { task, query }) => {
    const name = query.get("name") ?? undefined;
    const left = untilLeft(response);
    try {
      const rule = ruleOf(PROCEDURE);
      if (rule === undefined) throw new Error("what a task said is read by a procedure of this name");
      const input = { task, ...(name === undefined ? {} : { name }) };
      authorize(context.caller, rule, input, find, PROCEDURE);
      const tasks = await services.tasks();
      const record = tasks.get(task as TaskId);
      if (name !== undefined && find(name) !== record.workspace) throw taskNotFound(task);
      const attempt = Number(query.get("attempt") ?? record.attempt);
      const signal = untilGone(services, context, left);
      const parts = tasks.output(record.id, { from: { attempt, offset: 0 }, signal });
      // Asked for before the answer begins, so that what cannot be read is an error and no empty file.
      const first = await parts.next();
      response.writeHead(200, {
        "content-type": "text/plain; charset=utf-8",
        "content-security-policy": "sandbox; default-src 'none'",
        "cache-control": "no-store",
        ...attachment(`${task}.log`),
      });
      if (request.method === "HEAD") return void response.end();
      await pipeline(asBytes(first, parts), response, { signal });
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const { code, message, data } = report(toWsError(error), name === undefined ? undefined : find(name));
      const { status } = wireErrors[code];
      response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify({ defined: true, code, status, message, data }));
    }
  };
}

async function* asBytes(
  first: IteratorResult<TaskOutput, unknown>,
  rest: AsyncGenerator<TaskOutput>,
): AsyncGenerator<Uint8Array> {
  let end = 0;
  for (let next = first; next.done !== true; next = await rest.next()) {
    const { offset, bytes } = next.value;
    if (offset > end) yield Buffer.from(`\n[${offset - end} bytes were not kept]\n`);
    end = offset + bytes.length;
    yield bytes;
  }
}
