import type { Command } from "commander";
import type { Context } from "../context.ts";
import { table } from "../output/table.ts";
import { ago, bytesText, shortRepository, statusText } from "../output/workspace.ts";
import { widthOf } from "../output/wrap.ts";

export function registerList(program: Command, context: Context): void {
  program
    .command("list")
    .alias("ls")
    .description("List the workspaces of the worker.")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExamples:\n  ws list\n  ws ls --json | jq -r '.[].name'")
    .action(async (flags: { json?: true }) => {
      const { client } = await context.connect();
      const workspaces = await client.workspaces.list();
      if (flags.json === true) return context.printJson(workspaces);
      if (workspaces.length === 0) return context.hint("No workspaces. Make one: ws start demo --clone URL");
      const rows = workspaces.map((workspace) => [
        workspace.name,
        statusText(workspace),
        workspace.repo === undefined ? "-" : shortRepository(workspace.repo),
        workspace.branch ?? "-",
        workspace.profile === "agent" ? `${workspace.runtime}, agent` : workspace.runtime,
        workspace.diskBytes === undefined ? "-" : bytesText(workspace.diskBytes),
        ago(workspace.lastUsed),
      ]);
      context.print(
        table(["NAME", "STATUS", "REPOSITORY", "BRANCH", "RUNTIME", "DISK", "USED"], rows, widthOf(context.io)),
      );
    });
}
