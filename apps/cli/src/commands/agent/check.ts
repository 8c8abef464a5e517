import { configDirectory } from "@ws/agent/paths";
import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { requireHere } from "./here.ts";

/** Asked by a running agent, and by 'ws agent restart', before another program takes over from it. */
export function registerCheck(agent: Command, context: Context): void {
  agent
    .command("check", { hidden: true })
    .description("Whether this program could go on with what the worker keeps; says nothing where it could.")
    .option("--json", "tell a refusal as JSON")
    .addHelpText("after", "\nExample:\n  ws agent check")
    .action(async () => {
      requireHere(context);
      // All of the agent, so that one that does not load is found out here.
      const [, { checkStart }] = await Promise.all([import("@ws/agent"), import("../../service/startable.ts")]);
      await checkStart(configDirectory(context.io.env));
    });
}
