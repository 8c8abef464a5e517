import type { Command } from "commander";
import { takesNext } from "./option-words.ts";

/**
 * Takes `--on WORKER` out of the words of a command line, wherever it stands before `--` and is not what another option of `program` is
 * given: what comes first may be a word that decides how the others are read. One without a value stays, to be refused like any other.
 */
export function takeWorker(words: readonly string[], program: Command): { on?: string; argv: string[] } {
  const at = findOption(words, program);
  if (at === undefined) return { argv: [...words] };
  const [word = "", value] = words.slice(at);
  if (word !== "--on") return { on: word.slice("--on=".length), argv: words.toSpliced(at, 1) };
  if (value === undefined || value.startsWith("-")) return { argv: [...words] };
  return { on: value, argv: words.toSpliced(at, 2) };
}

/** Where it stands, as commander reads the words: an option that needs a value takes the next word, whatever that is. */
function findOption(words: readonly string[], program: Command): number | undefined {
  let command = program;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "--") return undefined;
    if (word === "--on" || word.startsWith("--on=")) return at;
    if (word.startsWith("-")) {
      if (takesNext(word, command)) at += 1;
      continue;
    }
    command = command.commands.find((each) => each.name() === word || each.aliases().includes(word)) ?? command;
  }
  return undefined;
}
