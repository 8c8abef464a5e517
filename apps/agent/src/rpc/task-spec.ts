import { createHmac } from "node:crypto";
import type { TaskInput } from "@ws/rpc-contract";
import {
  type ActionContext,
  type AgentPermissions,
  type AgentSpec,
  type Argv,
  planAction,
  type PolicyLayer,
  type RuntimeName,
  statusOf,
  type TaskSpec,
  type Workspaces,
} from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { withoutAbsent } from "../without-absent.ts";

type Asked = TaskInput["spec"];

export interface SpecContext {
  workspaces: Workspaces;
  config: Pick<Config, "get">;
  /** The worker's own, which nobody else knows. */
  instance: string;
  /** The workspace's name, and what whoever asks may do in it. */
  name: string;
  layers: readonly PolicyLayer[];
  signal: AbortSignal;
}

/** What is asked for as a task has it: with the worker's settings where nothing is said, and with what an action is about, as far as its asker may see that. */
export async function toSpec(spec: Asked, context: SpecContext): Promise<TaskSpec> {
  if (spec.kind === "code") return spec;
  if (spec.kind === "command") return toCommand(spec);
  const { workspaces, config, name, layers } = context;
  const { tool, model } = toolOf(spec, config);
  const permissions = await permissionsOf(context, workspaces.get(name).runtime);
  if (spec.kind === "agent") return { permissions, ...withoutAbsent({ ...spec, tool, model }) };
  const asked = { action: spec.action, context: toContext(spec.context), tool, ...withoutAbsent({ model }) };
  // Judged before anything is read, or begun, for it.
  workspaces.policies.demandExecute(name, { task: { kind: "agent", tool, prompt: "" } }, layers);
  return { permissions, ...(await plan(asked, context)) };
}

/** The same for a workspace of the task's own, which is not there yet: nothing can be read of it. */
export async function toLeasedSpec(
  spec: Exclude<Asked, { kind: "action" }>,
  context: Pick<SpecContext, "workspaces" | "config"> & { runtime: RuntimeName },
): Promise<TaskSpec> {
  if (spec.kind === "code") return spec;
  if (spec.kind === "command") return toCommand(spec);
  const permissions = await permissionsOf(context, context.runtime);
  return { permissions, ...withoutAbsent({ ...spec, ...toolOf(spec, context.config) }) };
}

function toCommand({ command, kind, ...given }: Extract<Asked, { kind: "command" }>): TaskSpec {
  const argv = typeof command === "string" ? (["sh", "-c", command] as const) : (command as unknown as Argv);
  return { kind, argv, ...withoutAbsent(given) };
}

function toolOf(asked: { tool?: string | undefined; model?: string | undefined }, config: SpecContext["config"]) {
  const { tool = config.get("agents.default") } = asked;
  return { tool, model: asked.model ?? config.get("agents.models")[tool] };
}

async function plan(
  asked: Parameters<typeof planAction>[0],
  { workspaces, instance, name, layers, signal }: SpecContext,
): Promise<AgentSpec> {
  // As for every task, a workspace that is stopped is started; nothing can be read of it before.
  if (statusOf(workspaces.get(name)) !== "running") await workspaces.start(name);
  const given = { layers, signal };
  return planAction(asked, {
    source: { files: () => workspaces.files(name, given), git: () => workspaces.git(name, given) },
    mark: (content) => createHmac("sha256", instance).update(content).digest("hex").slice(0, 24),
  });
}

function toContext({ lines, ...context }: Extract<Asked, { kind: "action" }>["context"] & {} = {}): ActionContext {
  return { ...withoutAbsent(context), ...(lines === undefined ? {} : { lines }) };
}

/** A workspace that keeps what runs in it away from everything else is boundary enough. */
async function permissionsOf(
  { workspaces, config }: Pick<SpecContext, "workspaces" | "config">,
  runtime: RuntimeName,
): Promise<AgentPermissions> {
  const set = config.get("agents.permissions");
  if (set !== "auto") return set;
  const isolation = await workspaces.status(runtime).then(
    (status) => status.isolation,
    () => "none",
  );
  return isolation === "none" ? "edits" : "all";
}
