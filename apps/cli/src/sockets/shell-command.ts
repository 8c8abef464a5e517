import { CliError, EXIT } from "../errors.ts";
import { quoted } from "../output/quoted.ts";

export interface ShellAsked {
  terminal: string;
  readOnly?: boolean;
  sshAgent?: boolean;
}

/** What is typed to come back to a terminal: all that was given to reach it, as another terminal is another program. */
export function shellCommand(name: string, { terminal, readOnly = false, sshAgent = false }: ShellAsked): string {
  const words = ["ws", "shell", name];
  if (terminal !== "main") words.push("--terminal", terminal);
  if (readOnly) words.push("--read-only");
  if (sshAgent) words.push("-A");
  return words.map(quoted).join(" ");
}

/** Who only watches makes no terminal. */
export function nothingToWatch(name: string, terminal: string): CliError {
  return new CliError("terminal_not_found", `'${name}' has no terminal '${terminal}' to watch.`, {
    next: `Open it: ${shellCommand(name, { terminal })}. See those there are: ws terminal list ${name}.`,
    exit: EXIT.notFound,
  });
}
