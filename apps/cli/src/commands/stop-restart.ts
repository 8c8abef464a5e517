import type { Command } from "commander";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { showProgress } from "../output/progress.ts";
import { describeWorkspace } from "../output/workspace.ts";
import { forEachName } from "./for-each-name.ts";

export function registerPower(program: Command, context: Context): void {
  program
    .command("stop")
    .description("End the processes of workspaces; their homes stay.")
    .argument("<name...>")
    .option("--json", "print the workspaces as JSON")
    .addHelpText("after", "\nExamples:\n  ws stop demo\n  ws stop demo other")
    .action(async (names: string[], flags: { json?: true }) => {
      const { client } = await context.connect();
      show(context, flags, await forEachName(context, names, (name) => client.workspaces.stop({ name })));
    });
  program
    .command("restart")
    .description("Stop and start workspaces; their homes stay.")
    .argument("<name...>")
    .option("--json", "print the workspaces as JSON")
    .addHelpText("after", "\nExamples:\n  ws restart demo")
    .action(async (names: string[], flags: { json?: true }) => {
      const { client } = await context.connect();
      const restart = (name: string): Promise<WorkspaceInfo> =>
        showProgress(context, client, name, (signal) => client.workspaces.restart({ name }, { signal }));
      show(context, flags, await forEachName(context, names, restart));
    });
}

function show(context: Context, flags: { json?: true }, workspaces: WorkspaceInfo[]): void {
  if (flags.json === true) return context.printJson(workspaces);
  for (const workspace of workspaces) context.print(describeWorkspace(workspace));
}
