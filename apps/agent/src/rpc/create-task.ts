import type { LeasedTaskInput, TaskInput } from "@ws/rpc-contract";
import {
  excerpt,
  type TaskId,
  type TaskRecord,
  type TaskRequest,
  type Tasks,
  type Workspaces,
} from "@ws/workspace-core";
import { withoutAbsent } from "../without-absent.ts";
import { requireNumbered } from "../leases/lease-material.ts";
import { contextOf } from "../providers/resolve.ts";
import type { RequestContext, Services, Worker } from "./context.ts";
import { toLeasedSpec, toSpec } from "./task-spec.ts";
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

/** Queues what a call asks for in a numbered workspace of its own, which it gets when its turn comes. */
export async function createLeasedTask(
  { reference, cwd, profile: asked, spec, ...input }: LeasedTaskInput,
  call: {
    tasks: Pick<Tasks, "createLeased">;
    worker: Worker;
    services: Pick<Services, "config" | "providers">;
    context: RequestContext;
    signal: AbortSignal | undefined;
  },
): Promise<TaskRecord> {
  const { tasks, worker, services, context, signal } = call;
  const registry = await services.providers.registry();
  const resolved = await registry.resolveRef(reference, contextOf(context.caller, { cwd, signal, mayCreate: true }));
  const { runtime } = worker.runtime();
  const made = await toLeasedSpec(spec, { ...worker, config: services.config, runtime });
  // It cannot be asked of a workspace that is not there yet.
  const clone = requireNumbered(reference, resolved);
  worker.workspaces.policies.demandExecuteOf(clone, { task: made }, context.caller?.policy);
  // What a task does in a container is not trusted with the network, unless somebody says so.
  const profile = asked ?? (runtime === "docker" ? "agent" : "person");
  return tasks.createLeased({
    spec: made,
    lease: { reference, resolved, profile },
    ...plainly(input, spec, services.config),
    ...creator(context),
  });
}

/** All that is asked for beside what is to be done, and where. */
function plainly(
  { timeoutSeconds, notBefore, idempotencyKey, dependsOn, ...asked }: Omit<TaskInput, "name" | "spec">,
  spec: TaskInput["spec"],
  config: Pick<Services["config"], "get">,
) {
  const seconds = timeoutSeconds ?? (isForTool(spec) ? config.get("agents.timeoutMinutes") * 60 : undefined);
  return {
    ...withoutAbsent(asked),
    ...(dependsOn === undefined ? {} : { dependsOn: dependsOn as TaskId[] }),
    ...(seconds === undefined ? {} : { timeoutMs: Math.ceil(seconds * 1_000) }),
    ...(notBefore === undefined ? {} : { notBefore: Date.parse(notBefore) }),
    ...(idempotencyKey === undefined ? {} : { key: idempotencyKey }),
  };
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
  const { name, spec, ...asked } = input;
  const { instance } = state.meta;
  const layers = context.caller?.policy ?? [];
  return {
    workspace: name,
    spec: await toSpec(spec, { workspaces, config, instance, name, layers, signal }),
    ...(spec.kind === "action" ? { title: titleOf(spec) } : {}),
    ...plainly(asked, spec, config),
    ...creator(context),
  };
}

function titleOf({ action, context: { path, diff } = {} }: Extract<TaskInput["spec"], { kind: "action" }>): string {
  return excerpt([action, path ?? diff ?? "the repository"].join(" "));
}

function isForTool({ kind }: TaskInput["spec"]): boolean {
  return kind === "agent" || kind === "action";
}
