import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { registerCheck } from "./check.ts";
import { registerInstall } from "./install.ts";
import { registerAgentLogs } from "./logs.ts";
import { registerAgentRestart } from "./restart.ts";
import { registerRun } from "./run.ts";
import { registerStatus } from "./status.ts";
import { registerUninstall } from "./uninstall.ts";

export function registerAgent(program: Command, context: Context): void {
  const agent = program
    .command("agent")
    .description("The daemon that makes this machine a worker, by hand or as a service.")
    .addHelpText("after", "\nExamples:\n  ws agent run\n  ws agent install\n  ws agent status");
  registerRun(agent, context);
  registerInstall(agent, context);
  registerUninstall(agent, context);
  registerStatus(agent, context);
  registerAgentLogs(agent, context);
  registerAgentRestart(agent, context);
  registerCheck(agent, context);
}
