import { isWsError, type Policies, type PolicyLayer, type StartRequest, WsError } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";

/**
 * How a new workspace follows its repository's devcontainer.json, which runs what it likes there: as is asked for, or by the worker's
 * setting. Throws `devcontainer_refused` where the worker follows none, `command_not_allowed` where a rule names what may be run.
 */
export function withDevcontainer<T extends StartRequest>(
  request: T,
  { config, policies, layers }: { config: Config; policies: Policies; layers: readonly PolicyLayer[] | undefined },
): T {
  const setting = config.get("devcontainer");
  const { clone, devcontainer } = request;
  if (devcontainer === undefined && (setting !== "always" || clone === undefined)) return request;
  if (devcontainer !== undefined && setting === "never") {
    throw new WsError("devcontainer_refused", {
      message: "This worker follows no devcontainer.json.",
      next: "Leave --devcontainer out, or have its owner allow it: ws config set devcontainer ask.",
      data: { file: ".devcontainer/devcontainer.json", line: 0, property: "" },
    });
  }
  try {
    if (clone !== undefined) policies.demandExecuteOf(clone, { command: ["/bin/sh"] }, layers);
  } catch (error) {
    // Nobody asked for it by name.
    if (devcontainer === undefined && isWsError(error, "command_not_allowed")) return request;
    throw error;
  }
  return { ...request, devcontainer: devcontainer ?? "optional" };
}
