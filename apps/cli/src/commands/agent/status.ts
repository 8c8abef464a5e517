import { configDirectory } from "@ws/agent/paths";
import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { EXIT } from "../../errors.ts";
import { printPairs, type Pair } from "../../output/pairs.ts";
import { localTime } from "../../output/time.ts";
import type { AgentStatus } from "../../service/index.ts";
import { requireHere } from "./here.ts";

export function registerStatus(agent: Command, context: Context): void {
  agent
    .command("status")
    .description("How the agent of this machine is, whoever started it. Exits with 5 where none answers.")
    .option("--system", "of the one that is a service of the whole machine")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExamples:\n  ws agent status\n  sudo ws agent status --system")
    .action(async (flags: { system?: true; json?: true }) => {
      requireHere(context);
      const { agentStatus, directoryOf, thisMachine } = await import("../../service/index.ts");
      const machine = thisMachine(context.io.env);
      const directory = directoryOf(machine, configDirectory(context.io.env), flags.system === true);
      const status = await agentStatus(context.io, machine, directory);
      if (!status.running) context.exitCode = EXIT.unavailable;
      if (flags.json === true) return context.printJson(status);
      printPairs(context, rows(status));
      const restart = status.service?.scope === "system" ? "sudo ws agent restart --system" : "ws agent restart";
      const begin = status.canBeService === true ? "ws agent run, or ws agent install" : "ws agent run";
      if (!status.running) context.hint(`Start it: ${status.service === undefined ? begin : restart}.`);
      else if (status.version !== status.installed) context.hint(`Another version is installed: ${restart}.`);
    });
}

function rows(status: AgentStatus): Pair[] {
  const { running, pid, since, version, installed, url, tookMs, pin, service, directory, log } = status;
  const begun = since === undefined ? "" : ` since ${localTime(since)}`;
  return [
    ["State", running ? `running${begun} (process ${pid})` : "not running"],
    ["Version", version === undefined || version === installed ? installed : `${version}; ${installed} is installed`],
    ...(url === undefined ? [] : [["Address", url] satisfies Pair]),
    ...(running ? [["Health", url === undefined ? "still starting" : `ok, in ${tookMs} ms`] satisfies Pair] : []),
    ...(pin === undefined ? [] : [["Pin", pin] satisfies Pair]),
    ["Service", service === undefined ? noService(status) : serviceText(service)],
    ...(service === undefined ? [] : [["Unit", service.file] satisfies Pair]),
    ["Directory", directory],
    ["Log", log],
  ];
}

function noService({ canBeService }: AgentStatus): string {
  return canBeService === true ? "none; to make it one: ws agent install" : "none; nothing here starts services";
}

function serviceText({ manager, scope, active, enabled, problem }: NonNullable<AgentStatus["service"]>): string {
  const whose = scope === "system" ? "of this machine" : "of this person";
  if (problem !== undefined) return `${manager}, ${whose}; ${problem}`;
  return `${manager}, ${whose}: ${active}${enabled ? "" : ", and does not begin by itself"}`;
}
