import type { Command } from "commander";
import type { Restored } from "@ws/agent/backup";
import { configDirectory } from "@ws/agent/paths";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { printable } from "../output/printable.ts";
import { localTime } from "../output/time.ts";
import { at, onlyHere, told } from "../own-worker.ts";
import { readSecret } from "../read-secret.ts";

export function registerBackup(program: Command, context: Context): void {
  program
    .command("backup")
    .description(
      "Write what the worker on this machine knows into one file: state, settings, projects, scripts. No homes, and no secrets unless asked for.",
    )
    .argument("<file>", "the file to make")
    .option("--secrets", "with its secrets, closed with a passphrase that is asked for, or read from standard input")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws backup worker.backup
  ws backup /mnt/backup/worker-$(date +%F).backup
  ws backup --secrets worker.backup
  ws backup --secrets worker.backup < passphrase

The agent may run. What lies in the workspaces' homes is not in it: push it, or copy it by itself.`,
    )
    .action(async (file: string, flags: { json?: true; secrets?: true }) => {
      const { writeBackup } = await loadBackup(context);
      const passphrase = flags.secrets === true ? { text: await newPassphrase(context) } : undefined;
      const options = { now: Date.now(), ...(passphrase === undefined ? {} : { passphrase }) };
      const written = await told(() => writeBackup(configDirectory(context.io.env), at(context, file), options));
      if (flags.json === true) return context.printJson(written);
      context.print(`${written.file}  ${written.files === 1 ? "1 file" : `${written.files} files`}`);
      context.hint(
        passphrase === undefined
          ? "Secrets and the homes of workspaces are not in it."
          : "The homes of workspaces are not in it. Its secrets open with the passphrase alone: keep it elsewhere.",
      );
    });
}

export function registerRestore(program: Command, context: Context): void {
  program
    .command("restore")
    .description("Put a backup in the place of what the worker on this machine has. The agent must not run.")
    .argument("<file>", "what 'ws backup' wrote")
    .option(
      "--secrets",
      "with its secrets, in place of those that are here; asks for their passphrase, or reads it from standard input",
    )
    .option("--json", "print what came of it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws restore worker.backup
  ws restore worker.backup --yes
  ws restore --secrets worker.backup --yes < passphrase

Who was revoked after the backup was made is not let in again, as far as the worker that is replaced tells of it.`,
    )
    .action(async (file: string, flags: { json?: true; secrets?: true }, command: Command) => {
      const { requireRestorable, restoreBackup } = await loadBackup(context);
      const directory = configDirectory(context.io.env);
      const what =
        flags.secrets === true
          ? "State, settings, projects, scripts and secrets"
          : "State, settings, projects and scripts";
      const statement = `${what} in ${directory} are replaced; what is there now is kept beside them.`;
      await told(() => requireRestorable(directory, at(context, file)));
      await confirm(context, command, statement, "Restore?");
      const passphrase =
        flags.secrets === true ? { text: await readSecret(context, "passphrase", how("restore")) } : undefined;
      const options = { now: Date.now(), ...(passphrase === undefined ? {} : { passphrase }) };
      const restored = await told(() => restoreBackup(directory, at(context, file), options));
      if (flags.json === true) return context.printJson(restored);
      const { howToStart, thisMachine } = await import("../service/index.ts");
      show(context, restored, howToStart(thisMachine(context.io.env), directory));
    });
}

/** What came of it, and who is let in from now on: that may be more than anybody remembers of that time. */
function show(context: Context, { created, before, secrets, missing, access, newer }: Restored, start: string): void {
  const { compared, leftOut, shutOut, letIn } = access;
  context.print(`restored  as of ${localTime(created)}`);
  for (const { name, kind, scope } of letIn) context.print(`lets in   ${name}  ${kind}  ${scope}`);
  showNewer(context, newer);
  if (leftOut.length > 0) context.hint(`Not let in, being revoked since, or over: ${leftOut.join(", ")}.`);
  if (shutOut.length > 0) context.hint(`Not let in any more, being newer than the backup: ${shutOut.join(", ")}.`);
  if (!compared && letIn.length > 0) {
    context.hint(
      "Nothing here tells who was revoked after that: see who is to be let in no longer with ws devices and ws token list.",
    );
  }
  if (before !== undefined) context.hint(`What was there before lies in ${before}.`);
  if (secrets === "left") context.hint("The backup has secrets, too, which were left out: ws restore --secrets FILE.");
  if (missing.length > 0) {
    context.hint(`Give again what is not here: ${missing.join(", ")}. Each: ws config set NAME`);
  }
  if (secrets !== "restored")
    context.hint("Tokens and keys for forges may be missing, too: ws credential list says which are here.");
  context.hint(`Start the worker: ${start}`);
}

/** What nobody would find again, being in no list. */
function showNewer(context: Context, { workspaces, repositories }: Restored["newer"]): void {
  for (const { name, home } of workspaces) {
    context.print(`unknown   ${name}  ${HOMES[home.kind]}  ${home.places.join("  ")}`);
  }
  for (const { name, path } of repositories) context.print(`unknown   #git:${printable(name)}  repository  ${path}`);
  if (workspaces.length + repositories.length === 0) return;
  const names = [...workspaces.map(({ name }) => name), ...repositories.map(({ name }) => `#git:${name}`)].join(", ");
  context.hint(
    `Newer than the backup, and so known to no command any more: ${names}. What is in them stays where it says above, until you remove it.`,
  );
}

const HOMES = { volumes: "home in volumes", directories: "home in directories" } as const;

function how(command: "backup" | "restore"): string {
  return `Give it on standard input: ws ${command} --secrets FILE < PASSPHRASE. At a terminal you are asked for it.`;
}

/** Typed twice at a terminal: nobody would know of a slip before it is needed. */
async function newPassphrase(context: Context): Promise<string> {
  const first = await readSecret(context, "passphrase", how("backup"));
  if (context.io.stdin.isTTY !== true || (await readSecret(context, "the same again", how("backup"))) === first)
    return first;
  throw new CliError("usage", "The two passphrases differ. Nothing was written.", {
    next: "Run the command again.",
    exit: EXIT.usage,
  });
}

async function loadBackup(context: Context) {
  onlyHere(context, "A backup is made, and restored, on the worker itself.");
  return import("@ws/agent/backup");
}
