import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { requireHere } from "./here.ts";

export function registerUninstall(agent: Command, context: Context): void {
  agent
    .command("uninstall")
    .description("Take the service away. Workspaces with their terminals go on; state, settings and log stay.")
    .option("--system", "the one of the whole machine; takes root")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExamples:\n  ws agent uninstall\n  sudo ws agent uninstall --system")
    .action(async (flags: { system?: true; json?: true }) => {
      requireHere(context);
      const { thisMachine, requireRoot, uninstallService } = await import("../../service/index.ts");
      const machine = thisMachine(context.io.env);
      if (flags.system === true) requireRoot(machine);
      const removed = await uninstallService(machine, flags.system === true ? "system" : "user");
      if (flags.json === true) return context.printJson({ removed });
      context.print(removed ? "uninstalled" : "There is no such service.");
      if (removed) context.hint("Workspaces and their terminals go on, and all that the worker keeps is there.");
    });
}
