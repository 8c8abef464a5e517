import { createHmac } from "node:crypto";
import type { TaskInput } from "@ws/rpc-contract";
import {
  type ActionContext,
  type AgentPermissions,
  type AgentSpec,
  type Argv,
  planAction,
  type PolicyLayer,
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
  if (spec.kind === "command") {
    const { command, kind, ...given } = spec;
    const argv = typeof command === "string" ? (["sh", "-c", command] as const) : (command as unknown as Argv);
    return { kind, argv, ...withoutAbsent(given) };
  }
  const { workspaces, config, name, layers } = context;
  const { tool = config.get("agents.default") } = spec;
  const model = spec.model ?? config.get("agents.models")[tool];
  const permissions = await permissionsOf(context);
  if (spec.kind === "agent") return { permissions, ...withoutAbsent({ ...spec, tool, model }) };
  const asked = { action: spec.action, context: toContext(spec.context), tool, ...withoutAbsent({ model }) };
  // Judged before anything is read, or begun, for it.
  workspaces.policies.demandExecute(name, { task: { kind: "agent", tool, prompt: "" } }, layers);
  return { permissions, ...(await plan(asked, context)) };
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
async function permissionsOf({ workspaces, config, name }: SpecContext): Promise<AgentPermissions> {
  const set = config.get("agents.permissions");
  if (set !== "auto") return set;
  const { runtime } = workspaces.get(name);
  const isolation = await workspaces.status(runtime).then(
    (status) => status.isolation,
    () => "none",
  );
  return isolation === "none" ? "edits" : "all";
}
