import type { Command } from "commander";
import type { Context } from "../../context.ts";

export function registerUnshare(terminal: Command, context: Context): void {
  terminal
    .command("unshare")
    .description("Revoke a link: whoever watches with it is cut off at once.")
    .argument("<name>", "the workspace")
    .argument("<link>", "its id, as 'ws terminal links' shows it")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  ws terminal unshare demo tok-0123456789ab")
    .action(async (name: string, link: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const result = await client.terminals.unshare({ name, link });
      if (flags.json === true) context.printJson(result);
      else context.print(`${link}  revoked`);
    });
}
