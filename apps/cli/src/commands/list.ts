import type { Command } from "commander";
import type { Context } from "../context.ts";
import { printable } from "../output/printable.ts";
import { ago, bytesText, percentText, shortRepository, statusText } from "../output/workspace.ts";
import { withUsage, type WithUsage } from "../read-usage.ts";
import { listAll } from "./list-all.ts";

interface Flags {
  all?: true;
  usage?: true;
  json?: true;
}

export function registerList(program: Command, context: Context): void {
  program
    .command("list")
    .alias("ls")
    .description("List the workspaces of the worker.")
    .option("-a, --all", "also those of every worker behind it")
    .option("--usage", "with what those that run use now, which takes a moment")
    .option("--json", "print them as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  ws list\n  ws ls --json | jq -r '.[].name'\n  ws list --all\n  ws list --usage",
    )
    .action(async (flags: Flags) => {
      if (flags.all === true) return printAll(context, flags);
      const { client } = await context.connect();
      const listed = await client.workspaces.list();
      const workspaces = flags.usage === true ? await withUsage(client, listed) : listed;
      if (flags.json === true) return context.printJson(workspaces);
      if (workspaces.length === 0) return context.hint("No workspaces. Make one: ws start demo --clone URL");
      const rows = workspaces.map((one) => rowOf(one, flags));
      context.printTable(columns(flags), rows);
    });
}

async function printAll(context: Context, flags: Flags): Promise<void> {
  const listed = await listAll(context, flags);
  if (flags.json === true) return context.printJson(listed);
  const rows = listed.flatMap(({ worker = "-", workspaces }) =>
    workspaces.map((one) => [worker, ...rowOf(one, flags)]),
  );
  if (rows.length > 0) context.printTable(["WORKER", ...columns(flags)], rows);
  for (const { worker, state, lastSeen, problem } of listed) {
    if (state !== "online")
      context.hint(`${worker}: ${state}, ${lastSeen === undefined ? "never seen" : `seen ${ago(lastSeen)}`}`);
    else if (problem !== undefined) context.hint(`${worker}: ${printable(problem)}`);
  }
}

/** What it runs on, and what sets it apart from the usual ones. */
function kindOf({ runtime, profile, nested }: WithUsage): string {
  return [runtime, ...(profile === "agent" ? ["agent"] : []), ...(nested === true ? ["nested"] : [])].join(", ");
}

function columns({ usage }: Flags): string[] {
  const uses = usage === true ? ["CPU", "MEM"] : [];
  return ["NAME", "STATUS", "REPOSITORY", "BRANCH", "RUNTIME", ...uses, "DISK", "USED"];
}

function rowOf(workspace: WithUsage, flags: Flags): string[] {
  const { cpuPercent, memoryBytes } = workspace.usage ?? {};
  return [
    workspace.name,
    statusText(workspace),
    workspace.repo === undefined ? "-" : shortRepository(workspace.repo),
    workspace.branch ?? "-",
    kindOf(workspace),
    ...(flags.usage === true
      ? [percentText(cpuPercent), memoryBytes === undefined ? "-" : bytesText(memoryBytes)]
      : []),
    workspace.diskBytes === undefined ? "-" : bytesText(workspace.diskBytes),
    ago(workspace.lastUsed),
  ];
}
