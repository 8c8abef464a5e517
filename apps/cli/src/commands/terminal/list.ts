import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { ago } from "../../output/workspace.ts";

export function registerList(terminal: Command, context: Context): void {
  terminal
    .command("list")
    .alias("ls")
    .description("List a workspace's terminals.")
    .argument("<name>")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws terminal list demo")
    .action(async (name: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const found = await client.terminals.list({ name });
      if (flags.json === true) return context.printJson(found);
      if (found.length === 0) return context.hint(`No terminals. Open one: ws shell ${name}`);
      const rows = found.map(({ name: called, title, cols, rows: lines, created, viewers, exitCode }) => [
        called,
        exitCode === undefined ? "running" : `exited ${exitCode}`,
        exitCode === undefined ? `${cols}x${lines}` : "-",
        `${viewers}`,
        ago(created),
        title ?? "",
      ]);
      context.printTable(["TERMINAL", "STATUS", "SIZE", "VIEWERS", "CREATED", "TITLE"], rows);
    });
}
