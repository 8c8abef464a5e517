import type { AuditEntry } from "@ws/rpc-contract";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { quoted } from "../output/quoted.ts";
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
        inShort(details),
      ]);
      context.print(table(["WHEN", "WHO", "WHAT", "ON", "OUTCOME", "DETAILS"], rows, widthOf(context.io)));
    });
}

/** `paths=a.ts,b.ts +3 allowDestructive`: names as a shell takes them, so that each is told from the next. */
function inShort({ dryRun: _dryRun, more, ...details }: NonNullable<AuditEntry["details"]> = {}): string {
  const said = Object.entries(details).map(([key, value]) => {
    if (value === "true") return key;
    const names = typeof value === "string" ? [value] : value;
    return `${key}=${names.map(quoted).join(",")}`;
  });
  return [...said, ...(more === undefined ? [] : [`+${String(more)}`])].join(" ");
}
