import type { Runs } from "../../runs/runs.ts";
import type { TaskEvent } from "../advance.ts";
import { failureOf } from "../passing.ts";
import type { AgentSpec, TaskFailure, TaskRecord } from "../task.ts";
import type { TaskWorkspaces } from "../task-workspaces.ts";
import { type TaskAgents, toolUnknown } from "./task-agents.ts";
import type { AgentTool } from "./tool.ts";

/** Whose usage a task counts into: of one key, wherever it is used; or of a login, which each workspace has for itself. Undefined for what is no coding tool's. */
export async function accountOf(
  { spec, workspace }: TaskRecord,
  { agents, workspaces }: { agents: TaskAgents; workspaces: Pick<TaskWorkspaces, "variables"> },
): Promise<string | undefined> {
  const tool = spec.kind === "agent" ? agents.find(spec.tool) : undefined;
  if (spec.kind !== "agent" || tool === undefined) return undefined;
  const key = keyOf(tool, spec, await workspaces.variables(workspace));
  return `${tool.name}:${key === undefined ? workspace : agents.fingerprint(key)}`;
}

/**
 * Sees to it, before an attempt of a coding tool, that it can do its work: there is a key, and the tool. Resolves to what becomes of the task where it
 * cannot; what is only in the way now is thrown.
 */
export async function prepareAgent(
  { spec, workspace, id }: TaskRecord & { spec: AgentSpec },
  options: {
    agents: TaskAgents;
    workspaces: TaskWorkspaces;
    runs: Runs;
    signal: AbortSignal;
    report: (waits: TaskFailure) => void;
  },
): Promise<TaskEvent | undefined> {
  const { agents, workspaces, runs, signal, report } = options;
  const tool = agents.find(spec.tool);
  if (tool === undefined) return { type: "refused", error: failureOf(toolUnknown(spec.tool)) };
  const keys = tool.keys(spec.model);
  if (keys.length > 0 && keyOf(tool, spec, await workspaces.variables(workspace)) === undefined) {
    const logins = await Promise.all(tool.logins.map((path) => workspaces.hasFile(workspace, path, signal)));
    if (!logins.includes(true)) return { type: "locked_out", error: noKey(tool, keys, id) };
  }
  const error = await agents.provide?.(tool, { workspace, runs, signal, report });
  return error === undefined ? undefined : { type: "refused", error };
}

function keyOf(tool: AgentTool, { model }: AgentSpec, variables: Readonly<Record<string, string>>): string | undefined {
  return tool
    .keys(model)
    .map((name) => variables[name])
    .find((value) => value !== undefined && value !== "");
}

function noKey({ name }: AgentTool, [key = ""]: readonly string[], id: string): TaskFailure {
  return {
    code: "login_needed",
    message: `${name} has no key in this workspace.`,
    next: `Give it one, and let the task go on: ws credential set ${key}, then ws task resume ${id}.`,
  };
}
