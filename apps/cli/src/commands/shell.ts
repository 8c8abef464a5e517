import type { Command } from "commander";
import type { Context } from "../context.ts";
import { given } from "../given.ts";
import { CliError, EXIT } from "../errors.ts";
import { runCommand } from "./run-command.ts";

/** The user's own shell, wherever the workspace keeps it; the command is its one argument, never part of this text. */
const SHELL_COMMAND = ["/bin/sh", "-c", 'exec "${SHELL:-$(command -v bash || echo /bin/sh)}" -lc "$1"', "ws"];

export function registerShell(program: Command, context: Context): void {
  program
    .command("shell")
    .description("Open a workspace's terminal. It outlives this client: open it again and go on.")
    .argument("<name>")
    .option("-c, --command <command>", "run a shell command instead and exit with its code")
    .option("-t, --terminal <id>", "which of its terminals", "main")
    .option("--read-only", "only watch: type nothing, and leave the size to others")
    .option("--json", "with -c: print {stdout, stderr, exitCode} as JSON when it has ended")
    .addHelpText(
      "after",
      `
Examples:
  ws shell demo
  ws shell demo --terminal build
  ws shell demo --read-only
  ws shell demo -c 'npm test'

Ctrl-] leaves the terminal and keeps it running; 'exit' ends it.`,
    )
    .action(async (name: string, flags: { command?: string; terminal: string; readOnly?: true; json?: true }) => {
      if (flags.command !== undefined) {
        return runCommand(context, name, { command: [...SHELL_COMMAND, flags.command] });
      }
      if (flags.json === true) {
        throw new CliError("usage", "A terminal cannot be printed as JSON.", {
          next: `Run a command: ws shell ${name} --json -c 'COMMAND'.`,
          exit: EXIT.usage,
        });
      }
      if (context.io.stdin.isTTY !== true || context.io.stdout.isTTY !== true) {
        throw new CliError("not_a_terminal", "'ws shell' needs a terminal on standard input and output.", {
          next: `For a script: ws shell ${name} -c 'COMMAND', or ws exec ${name} -- COMMAND.`,
          exit: EXIT.usage,
        });
      }
      const { attachTerminal } = await import("../sockets/attach-terminal.ts");
      context.exitCode = await attachTerminal(context, name, {
        terminal: flags.terminal,
        ...given({ readOnly: flags.readOnly }),
      });
    });
}
