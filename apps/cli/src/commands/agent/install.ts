import { Option, type Command } from "commander";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { parseCount } from "../../values.ts";
import { requireHere } from "./here.ts";

interface Flags {
  system?: true;
  runAs?: string;
  port?: number;
  linger?: true;
  json?: true;
}

export function registerInstall(agent: Command, context: Context): void {
  agent
    .command("install")
    .description(
      "Have this machine run the agent by itself, as a service of systemd or launchd. Again after an upgrade.",
    )
    .option("--system", "for the whole machine and from its start on, not for this person; takes root")
    .addOption(new Option("--run-as <user>", "whose a service of the machine is (default: whoever called sudo)"))
    .option(
      "--port <port>",
      "port of the API and the dashboard (default: as before, else the worker's setting)",
      parseCount,
    )
    .option("--linger", "keep services of this person running while nobody is logged in")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws agent install --linger
  sudo ws agent install --system
  ws agent install --port 8000

What else it is to do are settings of the worker: ws config list.`,
    )
    .action(async (flags: Flags) => {
      requireHere(context);
      const { thisMachine, ownerOf, installService, leftOut, lingers, howToGive } =
        await import("../../service/index.ts");
      const machine = thisMachine(context.io.env);
      const scope = flags.system === true ? "system" : "user";
      const owner = await ownerOf(machine, scope, flags.runAs);
      const { port, linger } = flags;
      const { manager, service, changed, agent } = await installService(context.io, machine, {
        scope,
        ...owner,
        ...given({ port, linger }),
      });
      const { name, file } = manager;
      const { pid, version, info } = agent;
      if (flags.json === true) {
        const { directory } = service;
        return context.printJson({ manager: name, scope, file, directory, changed, pid, version, url: info?.address });
      }
      context.print(`${file}  ${changed ? "installed" : "as it was"}  running (process ${pid})`);
      if (info?.address !== undefined) context.hint(`It answers at ${info.address}. How it is: ws agent status.`);
      const { settings, others } = await leftOut(context.io.env);
      if (settings.length > 0) {
        context.hint(`Of this shell the service has no ${settings.join(", ")}: make it a setting (ws config set).`);
      }
      if (others.length > 0) {
        context.hint(`Of this shell the service has no ${others.join(", ")}. To give it: ${howToGive(name, scope)}.`);
      }
      if (scope === "user" && name === "systemd" && !(await lingers(machine))) {
        context.hint("It ends when you log out; to keep it running: ws agent install --linger.");
      }
    });
}
