import type { Command } from "commander";
import { confirm } from "../../confirm.ts";
import type { Context } from "../../context.ts";

export function registerRemove(credential: Command, context: Context): void {
  credential
    .command("remove")
    .alias("rm")
    .description("Take a credential from the worker, and end what workspaces were granted with it.")
    .argument("<name>")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExamples:\n  ws credential remove work\n  ws credential remove work --yes")
    .action(async (name: string, flags: { json?: true }, command: Command) => {
      const { client } = await context.connect();
      // Nobody should confirm the end of what does not exist; the refusal is the worker's.
      const known = (await client.credentials.list()).find((credential) => credential.name === name);
      if (known !== undefined) {
        const users =
          known.usedBy.length === 0 ? "No workspace uses it." : `It is used by: ${known.usedBy.join(", ")}.`;
        await confirm(context, command, users, `Remove '${name}'?`);
      }
      const removed = await client.credentials.remove({ name });
      if (flags.json === true) context.printJson(removed);
      else context.print(`${removed.name}  removed`);
    });
}
