import type { Command } from "commander";
import type { Context } from "../context.ts";

export function registerProvider(program: Command, context: Context): void {
  program
    .command("provider")
    .description("What resolves references, such as #gh:org/repo.")
    .addHelpText("after", "\nExample:\n  ws provider list")
    .command("list")
    .alias("ls")
    .description("List the worker's providers in the order in which they are asked.")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws provider list --json")
    .action(async (flags: { json?: true }) => {
      const { client } = await context.connect();
      const providers = await client.providers.list();
      if (flags.json === true) return context.printJson(providers);
      const rows = providers.map(({ name, workflowType, displayName, enabled, problem, source, locked }) => [
        name,
        workflowType === undefined ? "-" : `#${workflowType}:`,
        displayName ?? "-",
        problem === undefined ? (enabled ? "in use" : "off") : "broken",
        locked === true ? `${source} (locked)` : source,
      ]);
      context.printTable(["NAME", "REFERENCES", "TITLE", "STATE", "FROM"], rows);
      for (const { source, locked, integrity, problem } of providers) {
        if (locked !== false || integrity === undefined || problem !== undefined) continue;
        context.hint(
          `Nothing holds ${source} to what it is now. As '${source}#${integrity}' in 'providers' it is used only unchanged.`,
        );
      }
      for (const { name, problem } of providers) if (problem !== undefined) context.hint(`${name}: ${problem}`);
    });
}
