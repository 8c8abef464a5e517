import type { Command } from "commander";
import type { Context } from "../../context.ts";

export function registerClose(terminal: Command, context: Context): void {
  terminal
    .command("close")
    .description("End a terminal's program, for all who look at it.")
    .argument("<name>")
    .argument("[terminal]", "which one", "main")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  ws terminal close demo build")
    .action(async (name: string, id: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const result = await client.terminals.close({ name, terminal: id });
      if (flags.json === true) context.printJson(result);
      else context.print(`${id}  closed`);
    });
}
