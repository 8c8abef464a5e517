import type { Command } from "commander";
import type { Context } from "../context.ts";
import { describeWorkspace } from "../output/workspace.ts";

export function registerRename(program: Command, context: Context): void {
  program
    .command("rename")
    .description("Give a workspace another name; its processes go on.")
    .argument("<name>")
    .argument("<new-name>")
    .option("--json", "print the workspace as JSON")
    .addHelpText("after", "\nExample:\n  ws rename demo login-fix")
    .action(async (name: string, newName: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const workspace = await client.workspaces.rename({ name, newName });
      if (flags.json === true) context.printJson(workspace);
      else context.print(describeWorkspace(workspace));
    });
}
