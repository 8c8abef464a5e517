import type { Command } from "commander";
import type { Context } from "../context.ts";

export function registerState(program: Command, context: Context): void {
  program
    .command("state")
    .description("The worker's state.")
    .addHelpText("after", "\nExample:\n  ws state export > state.json")
    .command("export")
    .description("Print every workspace as JSON, in the shape of a state.json. No secrets.")
    .option("--json", "the same; the output is always JSON")
    .addHelpText("after", "\nExample:\n  ws state export > state.json")
    .action(async () => {
      const { client } = await context.connect();
      context.printJson(await client.state.export());
    });
}
