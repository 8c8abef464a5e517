import type { TaskTool } from "@ws/rpc-contract";
import { type AgentTool, statusOf, taskedWorkspaces, type Workspaces } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { toolsOf } from "../tasks/worker-agents.ts";

/** Prints those of its arguments that are commands. */
const WHICH = `for name in "$@"; do command -v -- "$name" >/dev/null && echo "$name"; done; :`;

/** The coding tools that tasks of a workspace can ask for, and how each stands there. */
export async function listTools(
  name: string,
  { workspaces, config, signal }: { workspaces: Workspaces; config: Pick<Config, "get">; signal: AbortSignal },
): Promise<TaskTool[]> {
  const record = workspaces.get(name);
  const tools = [...toolsOf(config).values()];
  const variables = await workspaces.variables(name);
  const models = config.get("agents.models");
  const isRunning = statusOf(record) === "running";
  const there = isRunning ? await commandsOf(tools, { workspaces, name, signal }) : undefined;
  const tasked = taskedWorkspaces(workspaces);

  async function loginOf(tool: AgentTool, model: string | undefined): Promise<TaskTool["login"]> {
    const keys = tool.keys(model);
    if (keys.some((key) => (variables[key] ?? "") !== "")) return "key";
    if (!isRunning) return keys.length === 0 || tool.logins.length > 0 ? "unknown" : "missing";
    const logins = await Promise.all(tool.logins.map((path) => tasked.hasFile(record.id, path, signal)));
    if (logins.includes(true)) return "login";
    return keys.length === 0 ? "unknown" : "missing";
  }

  return Promise.all(
    tools.map(async (tool): Promise<TaskTool> => {
      const model = models[tool.name];
      return {
        name: tool.name,
        isDefault: tool.name === config.get("agents.default"),
        login: await loginOf(tool, model),
        keys: [...tool.keys(model)],
        needsModel: tool.needsModel === true,
        ...(there === undefined ? {} : { installed: there.has(commandOf(tool)) }),
        ...(model === undefined ? {} : { model }),
      };
    }),
  );
}

async function commandsOf(
  tools: readonly AgentTool[],
  { workspaces, name, signal }: { workspaces: Workspaces; name: string; signal: AbortSignal },
): Promise<ReadonlySet<string>> {
  const process = await workspaces.run(name, ["sh", "-c", WHICH, "sh", ...tools.map(commandOf)], { signal });
  const said = Buffer.concat(await Array.fromAsync(process.stdout)).toString("utf8");
  await process.exit;
  return new Set(said.split("\n"));
}

function commandOf(tool: AgentTool): string {
  return tool.command({ permissions: "ask", variables: {} }).argv[0];
}
