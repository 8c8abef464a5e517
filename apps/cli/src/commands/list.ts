import type { Command } from "commander";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { printable } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { ago, bytesText, shortRepository, statusText } from "../output/workspace.ts";
import { widthOf } from "../output/wrap.ts";
import { listAll } from "./list-all.ts";

const COLUMNS = ["NAME", "STATUS", "REPOSITORY", "BRANCH", "RUNTIME", "DISK", "USED"];

export function registerList(program: Command, context: Context): void {
  program
    .command("list")
    .alias("ls")
    .description("List the workspaces of the worker.")
    .option("-a, --all", "also those of every worker behind it")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExamples:\n  ws list\n  ws ls --json | jq -r '.[].name'\n  ws list --all")
    .action(async (flags: { all?: true; json?: true }) => {
      if (flags.all === true) return printAll(context, flags.json === true);
      const { client } = await context.connect();
      const workspaces = await client.workspaces.list();
      if (flags.json === true) return context.printJson(workspaces);
      if (workspaces.length === 0) return context.hint("No workspaces. Make one: ws start demo --clone URL");
      context.print(table(COLUMNS, workspaces.map(rowOf), widthOf(context.io)));
    });
}

async function printAll(context: Context, json: boolean): Promise<void> {
  const listed = await listAll(context);
  if (json) return context.printJson(listed);
  const rows = listed.flatMap(({ worker = "-", workspaces }) => workspaces.map((one) => [worker, ...rowOf(one)]));
  if (rows.length > 0) context.print(table(["WORKER", ...COLUMNS], rows, widthOf(context.io)));
  for (const { worker, state, lastSeen, problem } of listed) {
    if (state !== "online")
      context.hint(`${worker}: ${state}, ${lastSeen === undefined ? "never seen" : `seen ${ago(lastSeen)}`}`);
    else if (problem !== undefined) context.hint(`${worker}: ${printable(problem)}`);
  }
}

function rowOf(workspace: WorkspaceInfo): string[] {
  return [
    workspace.name,
    statusText(workspace),
    workspace.repo === undefined ? "-" : shortRepository(workspace.repo),
    workspace.branch ?? "-",
    workspace.profile === "agent" ? `${workspace.runtime}, agent` : workspace.runtime,
    workspace.diskBytes === undefined ? "-" : bytesText(workspace.diskBytes),
    ago(workspace.lastUsed),
  ];
}
