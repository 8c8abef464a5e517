import { WsError } from "../../errors.ts";
import { excerpt } from "../../names.ts";
import type { Runs } from "../../runs/runs.ts";
import type { WorkspaceId } from "../../workspace.ts";
import type { TaskFailure } from "../task.ts";
import type { AgentTool, ToolServer } from "./tool.ts";

/** The coding tools of a worker, as its tasks need them. */
export interface TaskAgents {
  /** Asked at each creation and each attempt, so that changed settings count from the next one on. */
  find(name: string): AgentTool | undefined;
  /** A name for a secret: the same for the same one, for ever, and nothing of it can be learned from it. */
  fingerprint(secret: string): string;
  /** The servers whose tools each attempt is given; none where absent. */
  servers?(): Promise<readonly ToolServer[]>;
  /**
   * Makes sure, before an attempt, that the tool is in the workspace, as by installing it; `report` is told what the task waits for meanwhile. Resolves to why it
   * cannot be. What is only in the way now is thrown. Nothing is done where absent.
   */
  provide?(
    tool: AgentTool,
    place: { workspace: WorkspaceId; runs: Runs; signal: AbortSignal; report: (waits: TaskFailure) => void },
  ): Promise<TaskFailure | undefined>;
}

/** The worker knows no coding tools. */
export const NO_AGENTS: TaskAgents = { find: () => undefined, fingerprint: () => "" };

export function toolUnknown(name: string): WsError<"tool_unknown"> {
  return new WsError("tool_unknown", {
    message: `There is no coding tool '${excerpt(name)}' on this worker.`,
    next: "Name one that there is, or describe it in the setting agents.custom.",
    data: { tool: excerpt(name) },
  });
}
