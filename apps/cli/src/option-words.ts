import type { Command, Option } from "commander";

/** Whether an option, as it is typed, takes the word after it as its value. */
export function takesNext(word: string, command: Command): boolean {
  if (word.startsWith("--")) return optionOf(word, command)?.required === true;
  // Several short ones in one word, of which the first that takes a value has the rest of it.
  for (let at = 1; at < word.length; at += 1) {
    const option = optionOf(`-${word[at]}`, command);
    if (option?.required === true || option?.optional === true) return option.required && at === word.length - 1;
  }
  return false;
}

/** The option of a command, or of what it belongs to, with this flag: `--long` or `-s`. */
export function optionOf(flag: string, command: Command): Option | undefined {
  const own = command.options.find(({ short, long }) => short === flag || long === flag);
  return own ?? (command.parent === null ? undefined : optionOf(flag, command.parent));
}

/**
 * The option that stands in a command which is to run in a workspace, where no `--` says whose it is: the program there would be run
 * without it. Undefined where there is none, and for what runs no command.
 */
export function straying(argv: readonly string[], program: Command): string | undefined {
  let command = program;
  let operands = 0;
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (word === "--") return undefined;
    // Where the command may be left out, the words can be a prompt, and are nobody else's then.
    const begins = command.registeredArguments.findIndex((each) => each.required && each.name() === "command");
    if (word.startsWith("-") && word !== "-") {
      if (begins !== -1 && operands > begins) return word;
      if (takesNext(word, command)) at += 1;
      continue;
    }
    const verb = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (verb === undefined) operands += 1;
    else command = verb;
  }
  return undefined;
}
