import { configDirectory } from "@ws/agent/paths";
import { Argument, type Command } from "commander";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { EDITORS, type Editor } from "../ssh/editors.ts";

export function registerOpen(program: Command, context: Context): void {
  program
    .command("open")
    .description(
      "Print a one-time link to the dashboard, and open it where there is a desktop; or open a workspace in an editor.",
    )
    .argument("[name]", "go to this workspace")
    .addArgument(new Argument("[editor]", "an editor of this device, which reaches it over SSH").choices(EDITORS))
    .option("--json", "print the link, or how the editor was called, as JSON")
    .addHelpText("after", "\nExamples:\n  ws open\n  ws open demo\n  ws open demo code")
    .action(async (name: string | undefined, editor: Editor | undefined, flags: { json?: true }) => {
      if (name !== undefined && editor !== undefined) {
        const { openInEditor } = await import("../ssh/open-in-editor.ts");
        return openInEditor(context, name, editor);
      }
      const { client, target } = await context.connect();
      if (target.on !== undefined) {
        throw new CliError(
          "usage",
          "The dashboard shows the workspaces of its own agent, not those of a worker behind it.",
          {
            next: `On that worker itself: ws open. From here: ws --on ${target.on} list.`,
            exit: EXIT.usage,
          },
        );
      }
      if (name !== undefined) await client.workspaces.get({ name });
      const link = await client.auth.link();
      const url = name === undefined ? link.url : link.url.replace("/#", `/w/${name}#`);
      if (flags.json === true) return context.printJson({ ...link, url });
      context.print(url);
      context.hint("It signs one browser in, once, within five minutes.");
      if (context.io.stdout.isTTY !== true) return;
      const { openBrowserAndEnd } = await import("@ws/agent/open-browser");
      const { env } = context.io;
      openBrowserAndEnd({ url, env, directory: configDirectory(env) });
    });
}
