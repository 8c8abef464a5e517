import type { Command } from "commander";
import type { Context } from "../context.ts";
import { collectEnv } from "../values.ts";
import { runCommand } from "./run-command.ts";
import { given } from "../given.ts";

interface Flags {
  cwd?: string;
  env?: Record<string, string>;
  sshAgent?: true;
}

export function registerExec(program: Command, context: Context): void {
  program
    .command("exec")
    .description("Run one command in a workspace; input, output and exit code are the command's.")
    .argument("<name>")
    .argument("<command...>", "after --, given as it is: no shell reads it")
    .option("--cwd <path>", "where to run it (default: the repository)")
    .option("--env <name=value>", "variable for this command; repeat for more", collectEnv)
    .option("-A, --ssh-agent", "lend it this device's SSH agent, as long as it runs")
    .option("--json", "print {stdout, stderr, exitCode} as JSON when it has ended, at most 10 MiB of output")
    .addHelpText(
      "after",
      `
Examples:
  ws exec demo -- git log -1 --oneline
  echo hi | ws exec demo -- cat
  ws exec demo --cwd /tmp -- sh -c 'ls | wc -l'
  ws exec demo -A -- git fetch git@example.com:storefront

Ctrl-C interrupts the command, which may end as it likes; a second one ends it.`,
    )
    .action(async (name: string, command: string[], flags: Flags) => {
      const start = { command, ...given({ cwd: flags.cwd, env: flags.env }) };
      await runCommand(context, name, start, { lendsAgent: flags.sshAgent === true });
    });
}
