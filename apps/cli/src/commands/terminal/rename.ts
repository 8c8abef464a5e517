import type { Command } from "commander";
import type { Context } from "../../context.ts";

export function registerRename(terminal: Command, context: Context): void {
  terminal
    .command("rename")
    .description("Call a terminal something else. Its program goes on, and so do all who look at it.")
    .argument("<name>", "the workspace")
    .argument("<terminal>", "what it is called now")
    .argument("<to>", "1 to 32 lower-case letters, digits and hyphens")
    .option("--json", "print the terminal as JSON")
    .addHelpText("after", "\nExample:\n  ws terminal rename demo main build")
    .action(async (name: string, id: string, newName: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const renamed = await client.terminals.rename({ name, terminal: id, newName });
      if (flags.json === true) context.printJson(renamed);
      else context.print(`${id}  renamed to ${renamed.name}`);
    });
}
