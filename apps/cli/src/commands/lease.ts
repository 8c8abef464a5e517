import type { Command } from "commander";
import { callerDirectory } from "../caller-directory.ts";
import type { Context } from "../context.ts";
import { printable } from "../output/printable.ts";
import { ago } from "../output/workspace.ts";
import { interruptible } from "../interruptible.ts";
import { tellNew } from "../tell-new.ts";
import { given } from "../given.ts";

export function registerLease(program: Command, context: Context): void {
  const lease = program
    .command("lease")
    .description("Numbered workspaces of projects, each for one holder at a time.")
    .addHelpText("after", "\nExamples:\n  ws lease acquire '#gh:org/repo'\n  ws lease release LEASE");
  lease
    .command("list")
    .alias("ls")
    .description("List who has which numbered workspace.")
    .option("--project <name>", "of this project only")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws lease list --project app")
    .action(async (flags: { project?: string; json?: true }) => {
      const { client } = await context.connect();
      const found = await client.leases.list(flags.project === undefined ? {} : { project: flags.project });
      if (flags.json === true) return context.printJson(found);
      if (found.length === 0) return context.hint("No leases. Take one: ws lease acquire '#git:NAME'");
      const rows = found.map(({ id, project, workspace, holder, stage, since }) => [
        id,
        project,
        workspace,
        holder,
        stage.replace("_", " "),
        ago(since),
      ]);
      context.printTable(["LEASE", "PROJECT", "WORKSPACE", "HOLDER", "STAGE", "SINCE"], rows);
    });
  lease
    .command("acquire")
    .description("Make a numbered workspace of what a reference leads to, for one holder.")
    .argument("<reference>", "in quotes: a shell takes what follows # for a comment")
    .option("--holder <name>", "who has it (default: you)")
    .option("--wait", "wait where the project has as many as it may")
    .option("--json", "print it as JSON, with the variables of a launch in it")
    .addHelpText("after", "\nExample:\n  ws lease acquire '#gh:org/repo' --holder nightly --wait")
    .action(async (reference: string, flags: { holder?: string; wait?: true; json?: true }) => {
      const { client, target } = await context.connect();
      const asked = {
        reference,
        ...callerDirectory(context.io, target),
        ...given({ holder: flags.holder, wait: flags.wait }),
      };
      const told = { goesOn: "no number is held for it", next: "Ask again: ws lease acquire, or see ws lease list." };
      const taken = await tellNew(context, client, asked, () =>
        interruptible(context, told, (signal) => client.leases.acquire(asked, { signal })),
      );
      if (flags.json === true) return context.printJson(taken);
      context.print(`${taken.id}  ${taken.workspace}`);
      context.hint(`Next: ws shell ${taken.workspace}, and at the end: ws lease release ${taken.id}`);
    });
  lease
    .command("release")
    .description("Give it back. A workspace that holds what lies nowhere else is kept.")
    .argument("<lease>", "its id")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  ws lease release lease-4f9c21")
    .action(async (id: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const result = await client.leases.release({ lease: id });
      if (flags.json === true) return context.printJson(result);
      context.print(`${printable(id)}  ${result.released ? "released" : "was over already"}`);
      if (result.holds !== undefined) context.hint(`Its workspace is kept: it holds ${printable(result.holds)}.`);
    });
}
