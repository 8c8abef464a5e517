import type { Command } from "commander";
import type { CleanupResult } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { ifExists } from "../if-exists.ts";
import { EXIT } from "../errors.ts";
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
    .argument("[name...]", "without one: failed creates, and stopped ones with --auto-cleanup")
    .option("--dry-run", "only tell what would become of them")
    .option("--force", "destroy also work that lies nowhere else")
    .option("--json", "print the decisions as JSON")
    .addHelpText(
      "after",
      `
Without a name it asks first, at a terminal.
What is kept may not use the worker's credentials any more,
unless it is on lease; this gives it its right again:
  ws credential grant NAME --renew
Exits with 4 where one that was named is kept, and with 1
where it could not be removed.

Examples:
  ws cleanup --dry-run
  ws cleanup demo`,
    )
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
      // Without a terminal there is nothing to answer, and what this takes holds nothing that lies nowhere else.
      else if (names.length === 0 && dryRun !== true && context.io.stdin.isTTY === true) {
        const gone = (await client.workspaces.reap({ dryRun: true })).filter(({ kept }) => !kept);
        const which = gone.map(({ name }) => name).join(", ");
        if (which !== "")
          await confirm(context, command, `This removes, with nothing lost in them: ${which}.`, "Remove?");
      }
      const how = { ...(dryRun === true ? { dryRun } : {}), ...(force === true ? { force } : {}) };
      const decided =
        names.length === 0
          ? [...(await client.workspaces.reap(how)), ...(dryRun === true ? await othersKept(client) : [])]
          : await forEachName(context, names, (name) => client.workspaces.cleanup({ name, ...how }));
      if (dryRun !== true && names.length > 0) context.exitCode ||= exitOf(decided);
      if (json === true) return context.printJson(decided);
      if (decided.length === 0) return names.length === 0 ? context.hint("Nothing is left over.") : undefined;
      if (dryRun !== true) {
        for (const decision of decided) tellCleanup(context, decision);
        return;
      }
      const rows = decided.map(({ name, kept, holder }) => [name, kept ? "kept" : "removed", holder ?? "-"]);
      context.printTable(["NAME", "WOULD BE", "BECAUSE OF"], rows);
    });
}

/** What would stay although nobody holds it back: it runs, or it waits for whoever stopped it. */
async function othersKept(client: AgentClient): Promise<CleanupResult[]> {
  const kept: CleanupResult[] = [];
  for (const { id, name, status, autoCleanup, operation } of await client.workspaces.list()) {
    if (status === "error" || (status === "stopped" && autoCleanup === true)) continue;
    // Only one that runs is looked into: a stopped one would have to be started for it.
    const looks = status === "running" && operation === undefined;
    const held = looks ? await ifExists(client.workspaces.cleanup({ name, dryRun: true })) : undefined;
    const why = status === "stopped" ? "it was made without --auto-cleanup, so it waits for you" : `it is ${status}`;
    kept.push({ ...held, id, name, kept: true, holder: [why, held?.holder].filter(Boolean).join(", and holds ") });
  }
  return kept;
}

/** Tells what is kept from what is gone. */
function exitOf(decided: readonly CleanupResult[]): number {
  const kept = decided.filter(({ kept: stays }) => stays);
  if (kept.length === 0) return EXIT.ok;
  return kept.some(({ reason }) => reason === "failed") ? EXIT.failed : EXIT.conflict;
}
