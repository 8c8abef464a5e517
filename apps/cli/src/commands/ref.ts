import type { Command } from "commander";
import type { Context } from "../context.ts";
import { callerDirectory } from "../caller-directory.ts";
import { printable } from "../output/printable.ts";
import { tellNew } from "../tell-new.ts";

export function registerRef(program: Command, context: Context): void {
  program
    .command("ref")
    .description("References to what is worked on, such as #gh:org/repo.")
    .addHelpText("after", "\nExample:\n  ws ref resolve '#gh:org/repo'")
    .command("resolve")
    .description("Show what a reference leads to. The first use of a new #git: name makes a repository.")
    .argument("<reference>", "in quotes: a shell takes what follows # for a comment")
    .option("--peek", "make and register nothing")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExamples:\n  ws ref resolve '#gh:org/repo'\n  ws ref resolve '#cd(.)' --json")
    .action(async (reference: string, flags: { peek?: true; json?: true }) => {
      const { client, target } = await context.connect();
      const asked = { reference, ...callerDirectory(context.io, target) };
      const { peek, resolve } = client.providers;
      const resolved = await (flags.peek === true
        ? peek(asked)
        : tellNew(context, client, asked, () => resolve(asked)));
      if (flags.json === true) return context.printJson(resolved);
      const { workflowType, projectName, cloneUrl, checkoutTarget, primaryWorkspaceDir, projectFile } = resolved;
      const rows = [
        ["type", workflowType],
        ["project", projectName],
        ["clones", cloneUrl],
        ["branch", checkoutTarget],
        ["directory", primaryWorkspaceDir],
        ["file", projectFile],
      ];
      for (const [title = "", value] of rows) {
        if (value !== undefined) context.print(`${title.padEnd(10)} ${printable(value)}`);
      }
    });
}
