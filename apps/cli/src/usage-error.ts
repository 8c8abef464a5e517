import type { Command, CommanderError } from "commander";
import { CliError, EXIT } from "./errors.ts";
import { straying } from "./option-words.ts";
import { quoted } from "./output/quoted.ts";

/** What commander says of a command line, in the shape of every other failure. */
export function usageError(error: CommanderError, program: Command, argv: readonly string[]): CliError {
  const [said = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  // Commander appends a value's own advice as further sentences.
  const [, what = said, advice = ""] = /^(.*?\.) (.*)$/.exec(said) ?? [];
  const path = pathOf(program, argv);
  const message = ourWords(what) ?? `${what.charAt(0).toUpperCase()}${what.slice(1)}`.replace(/\.?$/, ".");
  const next =
    suggestion?.replace(/^\((.*)\)$/, "$1") ??
    (error.code === "commander.unknownOption" ? separatorHint(path, argv) : undefined) ??
    (advice || `See: ${path} --help.`);
  return new CliError("usage", message, { next, exit: EXIT.usage, cause: error });
}

/** Of what is said in commander's own terms. */
function ourWords(said: string): string | undefined {
  const [, value, argument] = /^command-argument value '([^]*)' is invalid for argument '(.+)'\.?$/.exec(said) ?? [];
  if (value !== undefined) return `'${value}' does not fit <${argument}>.`;
  const [, option, form] = /^option '(?:-\w, )?(--[\w-]+) (.+)' argument missing$/.exec(said) ?? [];
  return option === undefined ? undefined : `${option} needs its ${form} behind it.`;
}

/** The words that name a command: `ws token create`. */
function pathOf(program: Command, argv: readonly string[]): string {
  const path = ["ws"];
  let command: Command | undefined = program;
  for (const word of argv) {
    command = command?.commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word));
    if (command === undefined) break;
    path.push(command.name());
  }
  return path.join(" ");
}

/** Throws `usage` where an option of the program that is to run would be taken for one of ours. */
export function requireSeparator(argv: readonly string[], program: Command): void {
  const stray = straying(argv, program);
  if (stray === undefined) return;
  const path = pathOf(program, argv);
  throw new CliError("usage", `Option '${stray}' could be the command's own, or one of ws.`, {
    next: separatorHint(path, argv) ?? `See: ${path} --help.`,
    exit: EXIT.usage,
  });
}

/** How a line is written whose options are the command's. */
function separatorHint(path: string, argv: readonly string[]): string | undefined {
  if (path !== "ws exec" || argv.includes("--")) return undefined;
  const [, name, ...command] = argv;
  if (name === undefined || name.startsWith("-") || command.length === 0 || command[0]?.startsWith("-") === true) {
    return "Put -- before the command: ws exec NAME -- COMMAND.";
  }
  return `Put -- before the command: ws exec ${name} -- ${command.map(quoted).join(" ")}`;
}
