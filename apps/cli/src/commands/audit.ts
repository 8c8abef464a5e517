import type { Command } from "commander";
import type { Context } from "../context.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/time.ts";
import { widthOf } from "../output/wrap.ts";
import { parseCount } from "../values.ts";

export function registerAudit(program: Command, context: Context): void {
  program
    .command("audit")
    .description("Show who did what on the worker, newest first.")
    .option("-n, --limit <rows>", "how many", parseCount, 50)
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws audit -n 20")
    .action(async (flags: { limit: number; json?: true }) => {
      const { client } = await context.connect();
      const entries = await client.audit.list({ limit: flags.limit });
      if (flags.json === true) return context.printJson(entries);
      if (entries.length === 0) return context.hint("Nothing yet.");
      const shown = context.io.stdout.isTTY === true ? localTime : (at: string) => at;
      const rows = entries.map(({ at, who, action, target, outcome, details }) => [
        shown(at),
        who,
        details?.["dryRun"] === undefined ? action : `${action} (dry run)`,
        target ?? "-",
        outcome,
      ]);
      context.print(table(["WHEN", "WHO", "WHAT", "ON", "OUTCOME"], rows, widthOf(context.io)));
    });
}
