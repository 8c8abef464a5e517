import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { localTime } from "../../output/time.ts";
import { ago } from "../../output/workspace.ts";

export function registerLinks(terminal: Command, context: Context): void {
  terminal
    .command("links")
    .description("List the links with which a workspace's terminals can be watched.")
    .argument("<name>", "the workspace")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws terminal links demo")
    .action(async (name: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const links = await client.terminals.links({ name });
      if (flags.json === true) return context.printJson(links);
      if (links.length === 0) return context.hint(`No links. Make one: ws terminal share ${name}`);
      const rows = links.map(({ id, terminal: shown, created, expires, lastUsed }) => [
        id,
        shown,
        ago(created),
        localTime(expires),
        lastUsed === undefined ? "never" : ago(lastUsed),
      ]);
      context.printTable(["LINK", "TERMINAL", "MADE", "UNTIL", "USED"], rows);
    });
}
