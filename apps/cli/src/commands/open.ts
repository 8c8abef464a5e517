import { spawn } from "node:child_process";
import type { Command } from "commander";
import type { Context } from "../context.ts";

export function registerOpen(program: Command, context: Context): void {
  program
    .command("open")
    .description("Print a one-time link to the dashboard, and open it where there is a desktop.")
    .argument("[name]", "go to this workspace")
    .option("--json", "print the link as JSON")
    .addHelpText("after", "\nExamples:\n  ws open\n  ws open demo")
    .action(async (name: string | undefined, flags: { json?: true }) => {
      const { client } = await context.connect();
      if (name !== undefined) await client.workspaces.get({ name });
      const link = await client.auth.link();
      const url = name === undefined ? link.url : link.url.replace("/#", `/w/${name}#`);
      if (flags.json === true) return context.printJson({ ...link, url });
      context.print(url);
      context.hint("It signs one browser in, once, within five minutes.");
      openInBrowser(context, url);
    });
}

function openInBrowser({ io }: Context, url: string): void {
  const mac = process.platform === "darwin";
  const desktop = mac || io.env["DISPLAY"] !== undefined || io.env["WAYLAND_DISPLAY"] !== undefined;
  if (!desktop || io.stdout.isTTY !== true) return;
  const opener = spawn(mac ? "open" : "xdg-open", [url], { stdio: "ignore", detached: true });
  // The link is on the screen; a desktop without an opener is no failure.
  opener.on("error", () => undefined);
  opener.unref();
}
