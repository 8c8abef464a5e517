import { configDirectory } from "@ws/agent/paths";
import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { requireHere } from "./here.ts";

export function registerAgentRestart(agent: Command, context: Context): void {
  agent
    .command("restart")
    .description("Put the installed version in the place of the agent that runs. Terminals and tasks go on.")
    .option("--system", "the one that is a service of the whole machine; takes root")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws agent restart

One that was started by hand is restarted where it is, in the same terminal. One that could not start again goes on as it was.`,
    )
    .action(async (flags: { system?: true; json?: true }) => {
      requireHere(context);
      const { thisMachine, requireRoot, restartAgent, systemDirectory } = await import("../../service/index.ts");
      const machine = thisMachine(context.io.env);
      if (flags.system === true) requireRoot(machine);
      const own = configDirectory(context.io.env);
      const directory = flags.system === true ? (systemDirectory(machine) ?? own) : own;
      const { before, agent: now } = await restartAgent(context.io, machine, directory);
      const { pid, version } = now;
      if (flags.json === true) return context.printJson({ pid, version, before: before?.version });
      const from = before === undefined || before.version === version ? version : `${before.version} → ${version}`;
      context.print(`restarted  ${from}  (process ${pid})`);
    });
}
