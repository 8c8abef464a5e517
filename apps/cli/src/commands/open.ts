import { configDirectory } from "@ws/agent/paths";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { EDITORS, type Editor } from "../ssh/editors.ts";

interface Flags {
  print?: true;
  json?: true;
}

export function registerOpen(program: Command, context: Context): void {
  program
    .command("open")
    .description(
      "Print a one-time link to the dashboard, or to what a port of a workspace shows, and open it where there is a desktop; or open a workspace in an editor.",
    )
    .argument("[name]", "go to this workspace")
    .argument("[what]", `a port, by its number or name; or an editor of this device: ${EDITORS.join(", ")}`)
    .option("--print", "print the link, and open nothing")
    .option("--json", "print the link, or how the editor was called, as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  ws open\n  ws open demo\n  ws open demo 3000\n  ws open demo web\n  ws open demo code",
    )
    .action(async (name: string | undefined, what: string | undefined, flags: Flags) => {
      if (name !== undefined && isEditor(what)) {
        const { openInEditor } = await import("../ssh/open-in-editor.ts");
        return openInEditor(context, name, what);
      }
      const { client, target } = await context.connect();
      if (target.on !== undefined) throw elsewhere(target.on, name, what);
      const { remark, ...link } =
        name === undefined || what === undefined ? await dashboard(client, name) : await preview(client, name, what);
      if (flags.json === true) return context.printJson(link);
      context.print(link.url);
      context.hint(`It signs one browser in, once, within ${what === undefined ? "five minutes" : "a minute"}.`);
      if (remark !== undefined) context.hint(remark);
      if (context.io.stdout.isTTY !== true || flags.print === true) return;
      const { openBrowserAndEnd } = await import("@ws/agent/open-browser");
      const { env } = context.io;
      openBrowserAndEnd({ url: link.url, env, directory: configDirectory(env) });
    });
}

interface Link {
  url: string;
  expires: string;
  /** Why nothing is seen there yet. */
  remark?: string;
}

async function dashboard(client: AgentClient, name: string | undefined): Promise<Link> {
  if (name !== undefined) await client.workspaces.get({ name });
  const link = await client.auth.link();
  return name === undefined ? link : { ...link, url: link.url.replace("/#", `/w/${name}#`) };
}

async function preview(client: AgentClient, name: string, what: string): Promise<Link> {
  if (!/^[a-z0-9-]+$/.test(what) || Number(what) < 1 || Number(what) > 65_535) {
    throw new CliError("usage", `'${what}' is neither a port nor the name of one, nor an editor.`, {
      next: `Use a number, a name of 'ws ports ${name}', or one of ${EDITORS.join(", ")}.`,
      exit: EXIT.usage,
    });
  }
  const { wantedPorts } = await import("../forwarding/wanted-ports.ts");
  const [{ status }, ports] = await Promise.all([client.workspaces.get({ name }), client.ports.list({ name })]);
  const port = wantedPorts(name, [what], ports)[0]?.port ?? 0;
  const link = await client.previews.open({ name, port });
  if (status !== "running") return { ...link, remark: `'${name}' does not run: ws start ${name}.` };
  const listens = ports.some((one) => one.port === port && one.listening);
  return listens ? link : { ...link, remark: `Nothing listens on port ${port} in '${name}' yet.` };
}

function isEditor(what: string | undefined): what is Editor {
  return EDITORS.some((editor) => editor === what);
}

/** Both are at the worker's own address. */
function elsewhere(on: string, name = "NAME", what?: string): CliError {
  const [message, here] =
    what === undefined
      ? ["The dashboard shows the workspaces of its own agent, not those of a worker behind it.", `ws --on ${on} list`]
      : [
          "A preview is at the worker's own address, to which a hub does not lead.",
          `ws --on ${on} forward ${name} ${what}`,
        ];
  const there = ["ws open", ...(what === undefined ? [] : [name, what])].join(" ");
  return new CliError("usage", message, {
    next: `On that worker itself: ${there}. From here: ${here}.`,
    exit: EXIT.usage,
  });
}
