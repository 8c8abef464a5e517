import type { Command } from "commander";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { table } from "../output/table.ts";
import { widthOf } from "../output/wrap.ts";
import { tellCleanup } from "./finalize.ts";
import { forEachName } from "./for-each-name.ts";

interface CleanupFlags {
  dryRun?: true;
  force?: true;
  json?: true;
}

export function registerCleanup(program: Command, context: Context): void {
  program
    .command("cleanup")
    .description("Remove workspaces in which nothing would be lost: these, or what is left over.")
    .argument("[name...]", "without one: failed creates, and stopped ones that may be cleaned up by themselves")
    .option("--dry-run", "only tell what would become of them")
    .option("--force", "destroy also work that lies nowhere else")
    .option("--json", "print the decisions as JSON")
    .addHelpText("after", "\nExamples:\n  ws cleanup --dry-run\n  ws cleanup demo")
    .action(async (names: string[], { dryRun, force, json }: CleanupFlags, command: Command) => {
      const { client } = await context.connect();
      if (force === true && dryRun !== true) {
        const which = names.length === 0 ? "all that is left over" : names.join(", ");
        await confirm(
          context,
          command,
          `This removes for ever, with work that lies nowhere else: ${which}.`,
          "Remove?",
        );
      }
      const how = { ...(dryRun === true ? { dryRun } : {}), ...(force === true ? { force } : {}) };
      const decided =
        names.length === 0
          ? await client.workspaces.reap(how)
          : await forEachName(context, names, (name) => client.workspaces.cleanup({ name, ...how }));
      if (json === true) return context.printJson(decided);
      if (decided.length === 0) return names.length === 0 ? context.hint("Nothing is left over.") : undefined;
      if (dryRun !== true) {
        for (const decision of decided) tellCleanup(context, decision);
        return;
      }
      const rows = decided.map(({ name, kept, holder }) => [name, kept ? "kept" : "removed", holder ?? "-"]);
      context.print(table(["NAME", "WOULD BE", "BECAUSE OF"], rows, widthOf(context.io)));
    });
}
