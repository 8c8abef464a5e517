import { randomUUID } from "node:crypto";
import { Option, type Command } from "commander";
import type { CreateInput, WorkspaceInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { callerDirectory } from "../caller-directory.ts";
import { CliError, EXIT, toCliError } from "../errors.ts";
import { ifExists } from "../if-exists.ts";
import type { Context } from "../context.ts";
import { describeWorkspace } from "../output/workspace.ts";
import { showProgress } from "../output/progress.ts";
import { tellNew } from "../tell-new.ts";
import { collectEnv, parseCount, parseCpus, parseDuration, parseMemory, parseSelection } from "../values.ts";
import { given } from "../given.ts";
import { printable } from "../output/printable.ts";

interface StartFlags {
  clone?: string;
  branch?: string;
  base?: string;
  depth?: number;
  filter?: "blob:none" | "tree:0";
  sparse?: string[];
  lfs?: true;
  env?: Record<string, string>;
  credentials?: "all" | "none" | string[];
  runtime?: "docker" | "local";
  profile?: "person" | "agent";
  image?: string;
  docker?: true;
  devcontainer?: true | "strict" | "lenient";
  cpus?: number;
  memory?: number;
  ttl?: number;
  idle?: number;
  execution?: string;
  role?: string;
  slug?: string;
  autoCleanup?: true;
  json?: true;
}

export function registerStart(program: Command, context: Context): void {
  program
    .command("start")
    .description("Create a workspace, or start it where it exists. Safe to repeat.")
    .argument("<name>", "lower-case letters, digits and hyphens")
    .option("--clone <url>", "what to clone: https://host/owner/repo, git@host:owner/repo or '#gh:owner/repo'")
    .option(
      "--branch <branch>",
      "branch to check out, made from the base where it does not exist (default: one of its own)",
    )
    .option("--base <branch>", "branch to start from (default: the repository's)")
    .option("--depth <n>", "clone only so many commits of history", parseCount)
    .addOption(
      new Option("--filter <what>", "leave contents, or directories too, on the remote until they are needed").choices([
        "blob:none",
        "tree:0",
      ]),
    )
    .option("--sparse <directories...>", "check out only these directories and the files at the top")
    .option("--lfs", "fetch large files of Git LFS, too")
    .option("--env <name=value>", "variable for its processes; repeat for more", collectEnv)
    .option(
      "--credentials <names>",
      "which of the worker's credentials it may use: all, none or NAME,… (default: all)",
      parseSelection,
    )
    .addOption(new Option("--runtime <runtime>", "what it runs on").choices(["docker", "local"]))
    .addOption(
      new Option(
        "--profile <profile>",
        "person: sudo and open network; agent: no sudo, and only the hosts that 'ws egress' allows",
      ).choices(["person", "agent"]),
    )
    .option("--image <image>", "image instead of the standard one")
    .option("--docker", "with a Docker engine of its own, where the worker allows it: as good as root on its machine")
    .addOption(
      new Option(
        "--devcontainer [how]",
        "follow the repository's devcontainer.json; lenient leaves out what a workspace is not given",
      ).choices(["strict", "lenient"]),
    )
    .option("--cpus <n>", "most CPU cores it may use", parseCpus)
    .option("--memory <size>", "most memory it may use, such as 512m or 4g", parseMemory)
    .option(
      "--ttl <duration>",
      "stop it after running this long, such as 8h; with auto-cleanup remove it, where nothing would be lost",
      parseDuration,
    )
    .option("--idle <duration>", "stop it after so long without use, where no program goes on in it", parseDuration)
    .option("--execution <id>", "the larger job it is part of; names its branch")
    .option("--role <role>", "who works in it, such as engineer")
    .option("--slug <text>", "what is done in it, in few words")
    .option("--auto-cleanup", "remove it when its TTL or its execution ends, where nothing would be lost")
    .option("--json", "print the workspace as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws start demo
  ws start demo --clone https://github.com/org/repo --branch fix-login
  ws start demo --clone '#git:tool'
  ws start web --clone https://github.com/org/web --devcontainer
  ws start build --memory 4g --cpus 2 --ttl 8h --env CI=true`,
    )
    .action(async (name: string, flags: StartFlags) => {
      const workspace = await start(context, name, flags);
      if (flags.json === true) context.printJson(workspace);
      else {
        describeStarted(context, workspace);
        await tellUnknown(context, flags);
      }
    });
}

/** A name that is mistyped gives nothing, and would be missed much later. */
async function tellUnknown(context: Context, { credentials }: StartFlags): Promise<void> {
  if (!Array.isArray(credentials)) return;
  const { client } = await context.connect();
  // Not everybody may see which there are.
  const known = await client.credentials.list().catch(() => undefined);
  const unknown = credentials.filter((name) => known?.some((credential) => credential.name === name) === false);
  if (unknown.length > 0) context.hint(`The worker has no credential ${unknown.join(", ")}. See: ws credential list`);
}

async function start(context: Context, name: string, flags: StartFlags): Promise<WorkspaceInfo> {
  const { client, target } = await context.connect();
  const existing = await ifExists(client.workspaces.get({ name }));
  const isReference = flags.clone?.startsWith("#") === true;
  const from = callerDirectory(context.io, target);
  const input = { name, ...createInput(flags), ...(isReference ? from : {}) };
  const work = () =>
    showProgress(context, client, name, (signal) =>
      existing === undefined ? createOrStart(client, input, signal) : client.workspaces.start(input, { signal }),
    );
  return isReference ? tellNew(context, client, { reference: flags.clone ?? "", ...from }, work) : work();
}

/** Somebody else may have begun it since it was looked for: that one is waited for, as one that was there before. */
async function createOrStart(client: AgentClient, input: CreateInput, signal: AbortSignal): Promise<WorkspaceInfo> {
  try {
    return await client.workspaces.create({ ...input, idempotencyKey: randomUUID() }, { signal });
  } catch (error) {
    if (toCliError(error).code !== "name_taken") throw error;
    return client.workspaces.start(input, { signal });
  }
}

function createInput(flags: StartFlags): Omit<CreateInput, "name"> {
  const { clone, branch, base, env, credentials, runtime, profile, image, cpus, memory, ttl, idle } = flags;
  const execution = toExecution(flags);
  const limits = {
    ...given({ cpus, memoryBytes: memory }),
  };
  return {
    ...given({ clone, branch, base }),
    ...checkoutOf(flags),
    ...given({ env, credentials, runtime, profile, image, docker: flags.docker }),
    ...given({ devcontainer: flags.devcontainer === true ? ("strict" as const) : flags.devcontainer }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...given({ ttlSeconds: ttl, idleSeconds: idle, execution }),
    ...(flags.autoCleanup === true ? { autoCleanup: true } : {}),
  };
}

function checkoutOf({ depth, filter, sparse, lfs }: StartFlags): Pick<CreateInput, "checkout"> {
  const checkout = {
    ...given({ depth, filter, sparse, lfs }),
  };
  return Object.keys(checkout).length === 0 ? {} : { checkout };
}

function toExecution({ execution: id, role, slug }: StartFlags): CreateInput["execution"] {
  if (id !== undefined && role !== undefined) return { id, role, ...given({ slug }) };
  if (id === undefined && role === undefined && slug === undefined) return undefined;
  throw new CliError("usage", "An execution needs both its id and a role.", {
    next: "Give both: --execution ID --role ROLE.",
    exit: EXIT.usage,
  });
}

function describeStarted(context: Context, workspace: WorkspaceInfo): void {
  context.print(describeWorkspace(workspace));
  if (workspace.isolation === "none") {
    context.hint("Isolation: none. Its processes are your user's own and can read your files.");
  }
  const followed = workspace.startup.steps.find(({ id }) => id === "devcontainer")?.message;
  if (followed !== undefined) context.hint(`devcontainer.json: ${printable(followed)}`);
  if (workspace.nested === true) {
    context.hint("It runs Docker: what runs in it has nearly the rights of root on its machine.");
  }
  context.hint(`Next: ws shell ${workspace.name}`);
}
