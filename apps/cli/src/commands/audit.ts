import type { AuditEntry } from "@ws/rpc-contract";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { quoted } from "../output/quoted.ts";
import { localTime } from "../output/time.ts";
import { given } from "../given.ts";
import { parsePositive, parseSince } from "../values.ts";

const EXAMPLES = `
Examples:
  ws audit -n 20
  ws audit demo --since 2h                 what was done to a workspace
  ws audit demo --what tasks.end           how its tasks ended
  ws audit --who tok-0123456789ab --json   what a token did`;

interface Flags {
  limit: number;
  who?: string;
  what?: string;
  since?: string;
  json?: true;
}

export function registerAudit(program: Command, context: Context): void {
  program
    .command("audit")
    .description("Show who did what on the worker, newest first.")
    .argument("[target]", "only what was done to this: a workspace by its name then, a token's id, a setting")
    .option("-w, --who <text>", "only by whom this is a part: a token's name or id, local, hub/NAME")
    .option("--what <action>", "only this, such as tasks.end, or all that begin so: tasks")
    .option("--since <when>", "only since then: 2h, 7d, 2026-03-01 or 2026-03-01T14:05", parseSince)
    .option("-n, --limit <rows>", "how many, 10000 at most", parsePositive, 50)
    .option("--json", "print them as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (target: string | undefined, { limit, who, what, since, json }: Flags) => {
      const { client } = await context.connect();
      const only = given({ target, who, action: what, since });
      const entries = await client.audit.list({ limit, ...only });
      if (json === true) return context.printJson(entries);
      if (entries.length === 0) {
        return context.hint(Object.keys(only).length === 0 ? "Nothing yet." : "Nothing of which all of that is true.");
      }
      const rows = entries.map(({ at, who, action, target, outcome, details }) => [
        localTime(at),
        who,
        details?.["dryRun"] === undefined ? action : `${action} (dry run)`,
        target ?? "-",
        outcome,
        inShort(details),
      ]);
      context.printTable(["WHEN", "WHO", "WHAT", "ON", "OUTCOME", "DETAILS"], rows);
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
