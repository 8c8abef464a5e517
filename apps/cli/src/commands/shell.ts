import type { Command } from "commander";
import type { Context } from "../context.ts";
import { given } from "../given.ts";
import { CliError, EXIT } from "../errors.ts";
import { isGone } from "../if-exists.ts";
import { runCommand } from "./run-command.ts";

/** The user's own shell, wherever the workspace keeps it; the command is its one argument, never part of this text. */
const SHELL_COMMAND = ["/bin/sh", "-c", 'exec "${SHELL:-$(command -v bash || echo /bin/sh)}" -lc "$1"', "ws"];

/** The login shell of a new terminal, which the user chose. */
const SHELL_WITH_AGENT = [
  "/bin/sh",
  "-c",
  'SSH_AUTH_SOCK=$1 exec "${SHELL:-$(command -v bash || echo /bin/sh)}" -l',
  "ws",
];

interface Flags {
  command?: string;
  terminal: string;
  readOnly?: true;
  sshAgent?: true;
  json?: true;
}

export function registerShell(program: Command, context: Context): void {
  program
    .command("shell")
    .description("Open a workspace's terminal. It outlives this client: open it again and go on.")
    .argument("<name>")
    .option("-c, --command <command>", "run a shell command instead and exit with its code")
    .option("-t, --terminal <id>", "which of its terminals", "main")
    .option("-A, --ssh-agent", "lend it this device's SSH agent, as long as this stays open")
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
  ws shell demo -A

Ctrl-] leaves the terminal and keeps it running; 'exit' ends it.`,
    )
    .action(async (name: string, flags: Flags) => {
      if (flags.command !== undefined) {
        const command = [...SHELL_COMMAND, flags.command];
        return runCommand(context, name, { command }, { lendsAgent: flags.sshAgent === true });
      }
      if (flags.json === true) {
        throw new CliError("usage", "A terminal cannot be printed as JSON.", {
          next: `Run a command: ws shell ${name} --json -c 'COMMAND'.`,
          exit: EXIT.usage,
        });
      }
      if (context.io.stdin.isTTY !== true || context.io.stdout.isTTY !== true) {
        // A terminal is not what a name lacks that no workspace has; where nobody answers, it is.
        const asked = context.connect().then(({ client }) => client.workspaces.get({ name }));
        if (await isGone(asked)) await asked;
        throw new CliError("not_a_terminal", "'ws shell' needs a terminal on standard input and output.", {
          next: `For a script: ws shell ${name} -c 'COMMAND', or ws exec ${name} -- COMMAND.`,
          exit: EXIT.usage,
        });
      }
      const { attachTerminal } = await import("../sockets/attach-terminal.ts");
      const asked = { terminal: flags.terminal, ...given({ readOnly: flags.readOnly, sshAgent: flags.sshAgent }) };
      if (flags.sshAgent !== true) {
        context.exitCode = await attachTerminal(context, name, asked);
        return;
      }
      const { lendAgent } = await import("../ssh/lend-agent.ts");
      await using lent = await lendAgent(context, name, { forTerminal: true });
      const { client } = await context.connect();
      if ((await client.terminals.list({ name })).some((one) => one.name === flags.terminal)) {
        context.hint(`[a terminal that was there before finds your SSH agent by: export SSH_AUTH_SOCK=${lent.link}]`);
      }
      const command = [...SHELL_WITH_AGENT, lent.link];
      context.exitCode = await attachTerminal(context, name, { ...asked, command });
    });
}
