import type { TaskInput } from "@ws/rpc-contract";
import {
  excerpt,
  type TaskId,
  type TaskRecord,
  type TaskRequest,
  type Tasks,
  type Workspaces,
} from "@ws/workspace-core";
import { withoutAbsent } from "../without-absent.ts";
import type { RequestContext, Services } from "./context.ts";
import { toSpec } from "./task-spec.ts";
import { untilGone } from "./until.ts";

/** Queues what a call asks for, where the policy lets it be run. */
export async function createTask(
  input: TaskInput,
  call: {
    tasks: Pick<Tasks, "create">;
    workspaces: Workspaces;
    services: Pick<Services, "config" | "state" | "closing">;
    context: RequestContext;
    signal: AbortSignal | undefined;
  },
): Promise<TaskRecord> {
  const { tasks, workspaces, services, context } = call;
  const signal = untilGone(services, context, call.signal);
  const request = await toRequest(input, { context, services, workspaces, signal });
  workspaces.policies.demandExecute(input.name, { task: request.spec }, context.caller?.policy);
  return tasks.create(request);
}

/** What comes with a token or through a hub is counted: whoever is at the worker itself needs no task to keep it busy. */
export function creator({ caller }: RequestContext): Pick<TaskRequest, "createdBy" | "countedFor" | "rights"> {
  const countedFor = caller?.token?.id ?? caller?.countedFor;
  const rights = withoutAbsent({ token: caller?.token?.id, policy: caller?.policy });
  return {
    createdBy: caller?.who ?? "local",
    ...(countedFor === undefined ? {} : { countedFor }),
    ...(Object.keys(rights).length === 0 ? {} : { rights }),
  };
}

/** What a call asks for, in the core's words; what an action is about is read for it. */
async function toRequest(
  input: TaskInput,
  {
    context,
    services: { config, state },
    workspaces,
    signal,
  }: {
    context: RequestContext;
    services: Pick<Services, "config" | "state">;
    workspaces: Workspaces;
    signal: AbortSignal;
  },
): Promise<TaskRequest> {
  const { name, spec, timeoutSeconds, notBefore, idempotencyKey, dependsOn, ...asked } = input;
  const { instance } = state.meta;
  const layers = context.caller?.policy ?? [];
  const seconds = timeoutSeconds ?? (isForTool(spec) ? config.get("agents.timeoutMinutes") * 60 : undefined);
  return {
    workspace: name,
    spec: await toSpec(spec, { workspaces, config, instance, name, layers, signal }),
    ...(spec.kind === "action" ? { title: titleOf(spec) } : {}),
    ...withoutAbsent(asked),
    ...(dependsOn === undefined ? {} : { dependsOn: dependsOn as TaskId[] }),
    ...(seconds === undefined ? {} : { timeoutMs: Math.ceil(seconds * 1_000) }),
    ...(notBefore === undefined ? {} : { notBefore: Date.parse(notBefore) }),
    ...(idempotencyKey === undefined ? {} : { key: idempotencyKey }),
    ...creator(context),
  };
}

function titleOf({ action, context: { path, diff } = {} }: Extract<TaskInput["spec"], { kind: "action" }>): string {
  return excerpt([action, path ?? diff ?? "the repository"].join(" "));
}

function isForTool({ kind }: TaskInput["spec"]): boolean {
  return kind === "agent" || kind === "action";
}
