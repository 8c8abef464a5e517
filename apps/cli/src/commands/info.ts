import type { Command } from "commander";
import type { InfoResponse, PullRequest, WorkspaceInfo } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { printPairs, type Pair } from "../output/pairs.ts";
import { printable } from "../output/printable.ts";
import { ago, bytesText, statusText, usageText } from "../output/workspace.ts";
import { widthOf, wrap } from "../output/wrap.ts";
import { withUsage, type WithUsage } from "../read-usage.ts";
import type { Target } from "../target.ts";

export function registerInfo(program: Command, context: Context): void {
  program
    .command("info")
    .description("Show a workspace, or, without a name, the worker.")
    .argument("[name]")
    .option("--usage", "with what it uses now, where it runs, which takes a moment")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExamples:\n  ws info\n  ws info demo --usage\n  ws info demo --json")
    .action(async (name: string | undefined, flags: { usage?: true; json?: true }) => {
      const { client, target } = await context.connect();
      if (name !== undefined) {
        const found = await client.workspaces.get({ name });
        const [workspace = found] = flags.usage === true ? await withUsage(client, [found]) : [];
        return flags.json === true ? context.printJson(workspace) : describe(context, workspace);
      }
      const info = await client.info();
      if (flags.json === true) return context.printJson(info);
      printPairs(context, [
        ["Worker", info.hostname],
        ["Address", addressOf(target)],
        ["Version", info.version],
        ["Runtime", `${info.runtime}${info.dockerVersion === "" ? "" : ` ${info.dockerVersion}`}`],
        ...(info.runtime === "docker"
          ? [["Engine", info.engineAvailable ? "answers" : "does not answer"] as Pair]
          : []),
        ["Isolation", info.isolation],
        ["Workspaces", String(info.workspacesCount)],
        ...(info.hub === undefined ? [] : [["Hub", hubText(info.hub)] as Pair]),
        ["Up", `${Math.floor(info.uptime / 60)} min`],
        ...info.remarks.map((remark): Pair => ["Note", remark]),
      ]);
    });
}

function addressOf(target: Target): string {
  const agent = target.kind === "http" ? target.url : `this machine (${target.path})`;
  return target.on === undefined ? agent : `${target.on}, through ${agent}`;
}

function hubText({ url, state, problem }: NonNullable<InfoResponse["hub"]>): string {
  const said = {
    connected: "reaches this worker",
    connecting: "not reached; tried again",
    refused: "refuses this worker",
  };
  return `${url}, ${said[state]}${problem === undefined ? "" : `: ${printable(problem)}`}`;
}

function describe(context: Context, workspace: WithUsage): void {
  const { failure, limits, startup } = workspace;
  printPairs(context, [
    ["Name", workspace.name],
    ["Id", workspace.id],
    ["Status", statusText(workspace)],
    ["Repository", workspace.repo ?? "-"],
    ["Branch", branchText(workspace)],
    ...(workspace.execution === undefined ? [] : [["Execution", executionText(workspace.execution)] as Pair]),
    ...(workspace.pullRequest === undefined ? [] : [["Pull request", pullRequestText(workspace.pullRequest)] as Pair]),
    ["Directory", workspace.directory ?? "-"],
    ["Runtime", `${workspace.runtime}, isolation: ${workspace.isolation}, profile: ${workspace.profile}`],
    ...(workspace.nested === true ? [["Nested", "runs Docker: as good as root on its machine"] as Pair] : []),
    ...(workspace.devcontainer === undefined ? [] : [["Devcontainer", workspace.devcontainer] as Pair]),
    ...(workspace.runtime === "local"
      ? []
      : ([
          ["Image", workspace.image ?? "standard"],
          ["Container", workspace.containerId === "" ? "-" : workspace.containerId.slice(0, 24)],
        ] satisfies Pair[])),
    ...(workspace.ports.ssh === 0 ? [] : [["SSH", `127.0.0.1:${workspace.ports.ssh}, on the worker`] as Pair]),
    ...(workspace.sshAgents === undefined ? [] : [["SSH agent", `lent by ${workspace.sshAgents.join(", ")}`] as Pair]),
    ["Limits", limitsText(limits)],
    ...(workspace.usage === undefined ? [] : [["Uses", usageText(workspace.usage)] as Pair]),
    ...(workspace.diskBytes === undefined ? [] : [["Disk", bytesText(workspace.diskBytes)] as Pair]),
    ["Created", ago(workspace.created)],
    ["Used", ago(workspace.lastUsed)],
    ...(workspace.stopsInSeconds === undefined
      ? []
      : [["Stops in", `${Math.ceil(workspace.stopsInSeconds / 60)} min`] as Pair]),
  ]);
  context.print("");
  context.printTable(
    ["STEP", "STATUS", "TOOK"],
    startup.steps.map((step) => [step.label, step.status, took(step)]),
  );
  if (failure === undefined) return;
  const width = widthOf(context.io);
  const [sentence = "", ...quoted] = printable(failure.message).split("\n");
  context.print(wrap(`\n${failedAt(failure.step)}: ${sentence} (${failure.code})`, width, 4));
  for (const line of quoted) context.print(`    | ${line}`);
  if (failure.next !== undefined) context.print(wrap(`    ${context.asCalled(failure.next)}`, width, 4));
}

/** The steps of a start have their own table; these are of what was asked for later. */
const OF_FINALIZE: ReadonlySet<string> = new Set(["finalize", "commit", "push", "pull_request", "cleanup"]);

function failedAt(step: string): string {
  if (!OF_FINALIZE.has(step)) return `Failed at '${step}'`;
  return step === "finalize" ? "The last finalize failed" : `The last finalize failed at '${step}'`;
}

function branchText({ branch, baseBranch }: WorkspaceInfo): string {
  if (branch === undefined) return "-";
  return baseBranch === undefined || baseBranch === branch ? branch : `${branch} (from ${baseBranch})`;
}

function executionText({ id, role, slug }: NonNullable<WorkspaceInfo["execution"]>): string {
  return `${id}, ${role}${slug === undefined ? "" : `: ${slug}`}`;
}

function pullRequestText({ number, state, draft, url }: PullRequest): string {
  return `#${number}, ${draft ? "draft" : state}: ${url}`;
}

function took({ startedAt, endedAt }: WorkspaceInfo["startup"]["steps"][number]): string {
  if (startedAt === undefined || endedAt === undefined) return "-";
  return `${Date.parse(endedAt) - Date.parse(startedAt)} ms`;
}

function limitsText({ cpus, memoryBytes, processes }: WorkspaceInfo["limits"]): string {
  const parts = [
    ...(cpus === undefined ? [] : [`${cpus} cores`]),
    ...(memoryBytes === undefined ? [] : [`${(memoryBytes / 1024 ** 2).toFixed(0)} MiB`]),
    ...(processes === undefined ? [] : [`${processes} processes`]),
  ];
  return parts.length === 0 ? "the worker's" : parts.join(", ");
}
