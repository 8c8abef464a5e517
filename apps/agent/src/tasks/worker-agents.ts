import { createHmac } from "node:crypto";
import { agentTools, type Clock, type CustomTool, type TaskAgents, type Workspaces } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { withoutAbsent } from "../without-absent.ts";
import { provideTool } from "./install-tool.ts";

/** The coding tools of this worker: those that are built in, and those that its settings describe. */
export function workerAgents({
  instance,
  config,
  workspaces,
  clock,
}: {
  instance: string;
  config: Pick<Config, "get">;
  workspaces: Pick<Workspaces, "find" | "run">;
  clock: Pick<Clock, "now">;
}): TaskAgents {
  return {
    find: (name) => toolsOf(config).get(name),
    fingerprint: (secret) => createHmac("sha256", instance).update(secret).digest("hex").slice(0, 12),
    async provide(tool, { workspace, runs, signal, report }) {
      const name = workspaces.find(workspace)?.name ?? "";
      const mayInstall = config.get("agents.install") && !Object.hasOwn(config.get("agents.custom"), tool.name);
      return provideTool(tool, { name, workspaces, runs, signal, report }, { mayInstall, clock });
    },
  };
}

export function toolsOf(config: Pick<Config, "get">): ReturnType<typeof agentTools> {
  const described = Object.entries(config.get("agents.custom"));
  return agentTools(Object.fromEntries(described.map(([name, tool]) => [name, withoutAbsent(tool) as CustomTool])));
}
