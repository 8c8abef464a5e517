import { resolve } from "node:path";
import type { Command } from "commander";
import { configDirectory } from "@ws/agent/paths";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { CliError, EXIT, exitFor } from "../errors.ts";
import { localTime } from "../output/time.ts";

export function registerBackup(program: Command, context: Context): void {
  program
    .command("backup")
    .description(
      "Write what the worker on this machine knows into one file: state, settings, projects, scripts. No secrets, no homes.",
    )
    .argument("<file>", "the file to make")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws backup worker.backup
  ws backup /mnt/backup/worker-$(date +%F).backup

The agent may run. What lies in the workspaces' homes is not in it: push it, or copy it by itself.`,
    )
    .action(async (file: string, flags: { json?: true }) => {
      const { writeBackup } = await loadBackup(context);
      const written = await told(writeBackup(configDirectory(context.io.env), at(context, file), Date.now()));
      if (flags.json === true) return context.printJson(written);
      context.print(`${written.file}  ${written.files} files`);
      context.hint("Secrets and the homes of workspaces are not in it.");
    });
}

export function registerRestore(program: Command, context: Context): void {
  program
    .command("restore")
    .description("Put a backup in the place of what the worker on this machine has. The agent must not run.")
    .argument("<file>", "what 'ws backup' wrote")
    .option("--json", "print what came of it as JSON")
    .addHelpText("after", "\nExamples:\n  ws restore worker.backup\n  ws restore worker.backup --yes")
    .action(async (file: string, flags: { json?: true }, command: Command) => {
      const { restoreBackup } = await loadBackup(context);
      const directory = configDirectory(context.io.env);
      const statement = `State, settings, projects and scripts in ${directory} are replaced; what is there now is kept beside them.`;
      await confirm(context, command, statement, "Restore?");
      const restored = await told(restoreBackup(directory, at(context, file), Date.now()));
      if (flags.json === true) return context.printJson(restored);
      context.print(`restored  as of ${localTime(restored.created)}`);
      if (restored.before !== undefined) context.hint(`What was there before lies in ${restored.before}.`);
      if (restored.missing.length > 0) {
        context.hint(`Give again what no backup has: ${restored.missing.join(", ")}. Each: ws config set NAME`);
      }
      context.hint("Start the worker: ws agent run");
    });
}

/** Works on the files of this machine's own worker, so that it is there also where no agent is. */
async function loadBackup({ on }: Context) {
  if (on === undefined) return import("@ws/agent/backup");
  throw new CliError("usage", "A backup is made, and restored, on the worker itself.", {
    next: `Run it there, without --on ${on}.`,
    exit: EXIT.usage,
  });
}

/** What the agent's own code refuses, as every refusal is told. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code, next, message } = error as { code?: string; next?: string; message: string };
    if (typeof code !== "string" || next === undefined) throw error;
    throw new CliError(code, message, { next, exit: exitFor(code), cause: error });
  }
}

function at({ io }: Context, file: string): string {
  return resolve(io.cwd, file);
}
