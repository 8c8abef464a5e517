import type { Argv } from "../box.ts";
import type { RunRequest } from "../runs/runs.ts";
import { toolUnknown } from "./agents/task-agents.ts";
import type { AgentTool, ToolServer } from "./agents/tool.ts";
import { runIdOf } from "./run-id.ts";
import type { AgentSpec, CodeLanguage, TaskRecord } from "./task.ts";

/** What is kept of the output of one attempt. */
const KEEP = { head: 1024 * 1024, tail: 4 * 1024 * 1024 };

/** Each reads its program from stdin, so that no part of it becomes an argument. */
const INTERPRETERS: Readonly<Record<CodeLanguage, Argv>> = {
  javascript: ["node", "-"],
  typescript: ["node", "--input-type=module-typescript", "-"],
  python: ["python3", "-"],
  sh: ["sh", "-s"],
};

/** What a coding tool is told that goes on with what it was told before. */
const GO_ON = "Continue.";

/** The run of a task's present attempt. `variables` is what the workspace's processes are given. */
export function runOfTask(
  record: TaskRecord,
  agent?: { tool: AgentTool; variables: Readonly<Record<string, string>>; servers: readonly ToolServer[] },
): RunRequest {
  const { spec, timeoutMs } = record;
  const common = {
    id: runIdOf(record),
    keep: KEEP,
    errors: "merged",
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  } as const;
  const stdin = (text: string) => ({ stdin: new TextEncoder().encode(text) });
  if (spec.kind === "agent") {
    if (agent === undefined) throw toolUnknown(spec.tool);
    const { model, permissions = "edits" } = spec;
    const session = record.session ?? spec.session;
    const ask = {
      permissions,
      variables: agent.variables,
      servers: agent.servers,
      ...(session === undefined ? {} : { session }),
      ...(model === undefined ? {} : { model }),
    };
    return { ...common, ...agent.tool.command(ask), errors: "apart", ...stdin(messageOf(record, spec)) };
  }
  if (spec.kind === "code") return { ...common, argv: INTERPRETERS[spec.language], ...stdin(spec.code) };
  const { argv, cwd, env } = spec;
  return {
    ...common,
    argv,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(spec.stdin === undefined ? {} : stdin(spec.stdin)),
  };
}

/** Once its conversation has a name it knows the prompt: sent again, it would do everything twice. Until then it knows nothing. */
function messageOf({ session, followUp }: TaskRecord, { prompt }: AgentSpec): string {
  if (session !== undefined) return followUp ?? GO_ON;
  return followUp === undefined ? prompt : `${prompt}\n\n${followUp}`;
}
