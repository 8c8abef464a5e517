import { type Command, Option } from "commander";
import { confirm } from "../../confirm.ts";
import type { Context } from "../../context.ts";

/** What every verb takes. */
export interface PrintFlags {
  json?: true;
  format?: "table" | "json";
}

export interface Destructive extends PrintFlags {
  allowDestructive?: true;
}

/** A verb of `ws git NAME`: its workspace stands before it. */
export function verb(git: Command, name: string, description: string, example: string): Command {
  const command = git.command(name);
  return command
    .description(description)
    .configureHelp({ ...command.configureHelp(), commandUsage: (shown) => usageOf(shown) })
    .argument("<name>", "the workspace")
    .option("--json", "print the result as JSON")
    .addOption(new Option("--format <format>", "how to print the result").choices(["table", "json"]))
    .addHelpText("after", `\nExample:\n  ws git demo ${example}`);
}

export function isJson({ json, format }: PrintFlags): boolean {
  return json === true || format === "json";
}

/** Asked about before it is allowed, as everything is that destroys. */
export async function allowed(
  context: Context,
  command: Command,
  flags: Destructive,
  what: string,
): Promise<{ allowDestructive?: true }> {
  if (flags.allowDestructive !== true) return {};
  await confirm(context, command, what, "Go on?");
  return { allowDestructive: true };
}

export const ALLOW = "--allow-destructive";

/** `ws git NAME add [options] <path...>` */
function usageOf(command: Command): string {
  return ["ws git NAME", command.name(), "[options]", ...wordsAfterName(command)].join(" ");
}

/** `add <path...>`: the workspace is named before it. */
export function termOf(command: Command): string {
  return [command.name(), ...wordsAfterName(command)].join(" ");
}

function wordsAfterName(command: Command): string[] {
  const [name, ...others] = command.registeredArguments;
  return (name?.name() === "name" ? others : command.registeredArguments).map((argument) => {
    const word = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${word}>` : `[${word}]`;
  });
}

/** The words of `ws git NAME VERB …` in the order in which the commands are made: the verb, then the workspace. */
export function verbFirst(words: readonly string[], verbs: readonly string[]): string[] {
  const [git, name = "-", wanted, ...rest] = words;
  if (git !== "git" || name.startsWith("-") || name === "help") return [...words];
  if (wanted !== undefined && verbs.includes(wanted)) return [git, wanted, name, ...rest];
  // What is no verb is a name all the same, so that the word that is wrong is called wrong.
  if (verbs.includes(name)) return [...words];
  return wanted === undefined || wanted.startsWith("-") ? [git, ...words.slice(2)] : [git, wanted, name, ...rest];
}
