import type { IncomingMessage, ServerResponse } from "node:http";
import { actionContext, taskAction } from "@ws/rpc-contract";
import {
  excerpt,
  isFinal,
  type TaskId,
  type TaskRecord,
  type Tasks,
  toWsError,
  type WorkspaceId,
  WsError,
} from "@ws/workspace-core";
import { z } from "zod";
import { authorize } from "../access/authorize.ts";
import { ruleOf } from "../access/rules/index.ts";
import { plainIssue } from "../config/plain-issue.ts";
import { createAuditing } from "../rpc/auditing.ts";
import type { RequestContext, Services } from "../rpc/context.ts";
import { createTask } from "../rpc/create-task.ts";
import { createReport } from "../rpc/report.ts";
import { toInfo } from "../rpc/task-info.ts";
import { untilGone } from "../rpc/until.ts";
import { createToolText } from "../tasks/tool-text.ts";
import { toolsOf } from "../tasks/worker-agents.ts";
import { answerFailure } from "./answer-failure.ts";
import { toSeedTask } from "./seed-task.ts";
import { untilLeft } from "./until-left.ts";

const PROCEDURE = ["tasks", "create"];
const REST_MS = 1_000;
const KEEP_ALIVE_MS = 3_000;

export type AiAction = (
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
  target: { workspace: string; body: unknown },
) => Promise<void>;

const asked = z.strictObject({
  action: taskAction,
  // A text alone is what was selected.
  context: z.union([z.string().max(204_800), actionContext]).optional(),
});

/**
 * `POST /api/workspaces/ID-OR-NAME/ai-action {action, context}`: queues the action and streams its task as `data: TASK` at each change, and while its tool
 * says something, until it is over. It goes on where its caller goes away.
 */
export function createAiAction(services: Services): AiAction {
  const report = createReport(services);
  const audit = createAuditing(services);
  const { state, clock, config, redactor } = services;

  function nameOf(idOrName: string): string {
    return (
      state.workspaces.getByName(idOrName)?.name ?? state.workspaces.get(idOrName as WorkspaceId)?.name ?? idOrName
    );
  }

  return async (request, response, context, { workspace, body }) => {
    const name = nameOf(workspace);
    const find = (one: string): WorkspaceId | undefined => state.workspaces.getByName(one)?.id;
    const left = untilLeft(response);
    const call = { context, path: PROCEDURE, input: { name } };
    let outcome = "ok";
    try {
      const rule = ruleOf(PROCEDURE);
      if (rule === undefined) throw new Error("an action is queued by a procedure of this name");
      authorize(context.caller, rule, call.input, find, PROCEDURE);
      const { action, context: about } = parse(body);
      const [tasks, { workspaces }] = await Promise.all([services.tasks(), services.ready()]);
      // From before it is there, so that no change of it is missed.
      const leaving = new AbortController();
      const signal = AbortSignal.any([untilGone(services, context, left), leaving.signal]);
      const changes = tasks.changes(signal);
      try {
        const given = about === undefined ? {} : { context: typeof about === "string" ? { selection: about } : about };
        const spec = { kind: "action" as const, action, ...given };
        const { id } = await createTask({ name, spec }, { tasks, workspaces, services, context, signal });
        audit(call, outcome);
        const show = (record: TaskRecord) => toInfo(record, workspaces, redactor.clean);
        await stream(response, { tasks, id, changes, show, signal });
      } finally {
        leaving.abort();
      }
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const failure = toWsError(error);
      outcome = failure.code;
      audit(call, outcome);
      answerFailure(response, report(failure, find(name)));
    }
  };

  async function stream(
    response: ServerResponse,
    {
      tasks,
      id,
      changes,
      show,
      signal,
    }: {
      tasks: Tasks;
      id: TaskId;
      changes: AsyncIterable<TaskRecord>;
      show: (record: TaskRecord) => ReturnType<typeof toInfo>;
      signal: AbortSignal;
    },
  ): Promise<void> {
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // A proxy on the way that collects would show nothing before the end.
      "x-accel-buffering": "no",
    });
    const record = tasks.get(id);
    const text = createToolText(tasks, record, { tools: toolsOf(config), signal });
    let said = "";
    const tell = (present: TaskRecord): void => {
      // A reader that takes nothing gets the next one that comes once it does.
      if (response.writableNeedDrain && !isFinal(present.status)) return;
      const task = toSeedTask(show(present), redactor.clean(text.now(), present.workspace));
      const event = JSON.stringify(task);
      if (event !== said) response.write(`data: ${event}\n\n`);
      said = event;
    };
    tell(record);
    const over = new AbortController();
    const living = keepAlive(response, () => tell(tasks.get(id)), AbortSignal.any([signal, over.signal]));
    try {
      for await (const present of isFinal(record.status) ? [] : changes) {
        if (present.id !== id) continue;
        tell(present);
        if (isFinal(present.status)) break;
      }
    } finally {
      over.abort();
      await living;
    }
    if (signal.aborted) response.destroy();
    else response.end();
  }

  /** What is new in between is told once in a second, and that there is nothing now and then: a silent connection is taken for a dead one. */
  async function keepAlive(response: ServerResponse, look: () => void, signal: AbortSignal): Promise<void> {
    for (let waited = 0; !response.writableEnded; waited += REST_MS) {
      await clock.sleep(REST_MS, signal).catch(() => undefined);
      if (signal.aborted || response.writableEnded) return;
      look();
      if (waited % KEEP_ALIVE_MS === 0 && !response.writableNeedDrain) response.write(":\n\n");
    }
  }
}

function parse(body: unknown): z.infer<typeof asked> {
  const { data, error } = asked.safeParse(body ?? {});
  if (data !== undefined) return data;
  const [issue] = error.issues;
  const field = issue?.path.join(".") || "body";
  throw new WsError("invalid_input", {
    message: `'${excerpt(field)}' ${plainIssue(issue)}.`,
    next: `An action is one of ${taskAction.options.join(", ")}.`,
    data: { field },
  });
}
