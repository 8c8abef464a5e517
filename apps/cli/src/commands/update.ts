import type { Command } from "commander";
import type { UpdateInput } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { given } from "../given.ts";
import { describeWorkspace } from "../output/workspace.ts";
import {
  collect,
  collectEnv,
  parseCpus,
  parseDuration,
  parseMemory,
  parsePositive,
  parseSelection,
} from "../values.ts";

/** An option that `--no-` takes away is false then. */
interface UpdateFlags {
  cpus?: number | false;
  memory?: number | false;
  processes?: number | false;
  ttl?: number | false;
  idle?: number | false;
  autoCleanup?: boolean;
  credentials?: "all" | "none" | string[];
  env?: Record<string, string>;
  unset?: string[];
  json?: true;
}

export function registerUpdate(program: Command, context: Context): void {
  program
    .command("update")
    .description("Change a workspace: its limits, when it ends, its credentials and variables.")
    .argument("<name>")
    .option("--cpus <n>", "most CPU cores it may use", parseCpus)
    .option("--no-cpus", "as many as there are")
    .option("--memory <size>", "most memory it may use, such as 512m or 4g", parseMemory)
    .option("--no-memory", "as much as there is")
    .option("--processes <n>", "most processes and threads", parsePositive)
    .option("--no-processes", "the usual number")
    .option("--ttl <duration>", "stop it after running this long from now on, such as 8h", parseDuration)
    .option("--no-ttl", "let it run")
    .option("--idle <duration>", "stop it after so long without use", parseDuration)
    .option("--no-idle", "let it idle")
    .option("--auto-cleanup", "remove it when its TTL or its execution ends, where nothing would be lost")
    .option("--no-auto-cleanup", "only stop it then")
    .option("--credentials <names>", "which of the worker's it may use: all, none or NAME,…", parseSelection)
    .option("--env <name=value>", "variable for its processes; repeat for more", collectEnv)
    .option("--unset <variable>", "take a variable away; repeat for more", collect)
    .option("--json", "print what it became as JSON")
    .addHelpText(
      "after",
      `
Limits hold at once, for what runs too.
What runs keeps its variables until it is begun again.

Examples:
  ws update demo --memory 4g --cpus 2
  ws update demo --ttl 8h --no-idle
  ws update demo --env CI=true --unset DEBUG`,
    )
    .action(async (name: string, flags: UpdateFlags) => {
      const change = changeOf(flags);
      if (Object.keys(change).length === 0) {
        throw new CliError("usage", "Nothing is said that is to be otherwise.", {
          next: `See what can be: ws update --help.`,
          exit: EXIT.usage,
        });
      }
      const { client } = await context.connect();
      const { workspace, forNewPrograms } = await client.workspaces.update({ name, ...change });
      if (flags.json === true) return context.printJson({ workspace, forNewPrograms });
      context.print(describeWorkspace(workspace));
      if (forNewPrograms.length > 0) {
        const what = forNewPrograms.map((one) => (one === "env" ? "variables" : "credentials")).join(" and ");
        context.hint(`Programs that run keep the ${what} they had. For all of them: ws restart ${name}`);
      }
    });
}

function changeOf(flags: UpdateFlags): Omit<UpdateInput, "name"> {
  const limits = given({
    cpus: orNull(flags.cpus),
    memoryBytes: orNull(flags.memory),
    processes: orNull(flags.processes),
  });
  const unset = Object.fromEntries((flags.unset ?? []).map((variable) => [variable, null]));
  const env = { ...unset, ...flags.env };
  return {
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...given({ ttlSeconds: orNull(flags.ttl), idleSeconds: orNull(flags.idle), autoCleanup: flags.autoCleanup }),
    ...given({ credentials: flags.credentials }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
  };
}

function orNull(value: number | false | undefined): number | null | undefined {
  return value === false ? null : value;
}
