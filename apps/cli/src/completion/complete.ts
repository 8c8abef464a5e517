import type { Argument, Command, Option } from "commander";
import { verbFirst } from "../commands/git/verb.ts";
import { optionOf, takesNext } from "../option-words.ts";
import { kindOfArgument, kindOfValue, type Kind } from "./kinds.ts";

export interface Candidate {
  value: string;
  /** What a shell shows beside it, where it shows anything. */
  about?: string;
}

/** What can stand in the place of the last word. */
export interface Completion {
  /** What is known without asking anybody. */
  candidates: readonly Candidate[];
  /** What else may stand there, and has to be looked up. */
  kind: Kind;
  /** What each of those has before it: `--on=`, where the option and its value are one word. */
  lead: string;
  /** The workspace that the line names so far, whose terminals or links may be meant. */
  workspace?: string;
}

/** The words of a line after `ws`; the last of them is the one at the cursor, and may be empty. */
export function complete(program: Command, line: readonly string[]): Completion {
  const verbs = program.commands.find((command) => command.name() === "git")?.commands ?? [];
  const before = verbFirst(
    line.slice(0, -1),
    verbs.map((command) => command.name()),
  );
  const current = line.at(-1) ?? "";
  const { command, path, operands, option, isLiteral } = follow(program, before);
  const workspace = operands[0] === undefined ? {} : { workspace: operands[0] };
  if (option !== undefined) return { ...valuesOf(option, ""), ...workspace };
  if (isLiteral) return { candidates: [], kind: "file", lead: "" };
  const [lead = "", flag = ""] = /^(--[^=]+)=/.exec(current) ?? [];
  if (flag !== "") {
    const named = optionOf(flag, command);
    return named === undefined ? NOTHING : { ...valuesOf(named, lead), ...workspace };
  }
  if (current.startsWith("-")) return { candidates: optionsOf(command).map(candidateOf), kind: "none", lead: "" };
  const isNamed = line[0] === "git" && line.length === 2;
  if (isNamed) return { candidates: [], kind: "workspace", lead: "" };
  const verbsHere = command.commands.filter((each) => !isHidden(each));
  if (verbsHere.length > 0 && operands.length === 0) {
    const candidates = verbsHere.map((each) => ({ value: each.name(), about: firstSentence(each.description()) }));
    return { candidates, kind: "none", lead: "" };
  }
  return { ...argumentAt(command, path, operands.length), ...workspace };
}

const NOTHING: Completion = { candidates: [], kind: "none", lead: "" };

interface Followed {
  command: Command;
  path: readonly string[];
  operands: readonly string[];
  /** An option that still wants its value. */
  option?: Option;
  /** Whether `--` has been passed. */
  isLiteral: boolean;
}

/** Where a line has led so far. */
function follow(program: Command, words: readonly string[]): Followed {
  let command = program;
  const path: string[] = [];
  const operands: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "--") return { command, path, operands, isLiteral: true };
    if (word.startsWith("-")) {
      if (!takesNext(word, command)) continue;
      at += 1;
      const option = optionOf(word.startsWith("--") ? word : `-${word.at(-1)}`, command);
      if (at === words.length && option !== undefined) return { command, path, operands, option, isLiteral: false };
      continue;
    }
    const verb = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (verb !== undefined && operands.length === 0) {
      command = verb;
      path.push(verb.name());
    } else operands.push(word);
  }
  return { command, path, operands, isLiteral: false };
}

function argumentAt(command: Command, path: readonly string[], position: number): Completion {
  const all = command.registeredArguments;
  const last = all.at(-1);
  const argument: Argument | undefined = all[position] ?? (last?.variadic === true ? last : undefined);
  if (argument === undefined) return NOTHING;
  const candidates = (argument.argChoices ?? []).map((value) => ({ value }));
  return { candidates, kind: kindOfArgument(path, argument.name()) ?? "none", lead: "" };
}

function valuesOf(option: Option, lead: string): Completion {
  const candidates = (option.argChoices ?? []).map((value) => ({ value: `${lead}${value}` }));
  return { candidates, kind: kindOfValue(option.flags), lead };
}

/** A command's own options, then those that every command takes. */
function optionsOf(command: Command): Option[] {
  const own = command.options.filter(({ hidden }) => !hidden);
  return command.parent === null ? own : [...own, ...optionsOf(command.parent)];
}

function candidateOf({ long, short, description }: Option): Candidate {
  return { value: long ?? short ?? "", about: firstSentence(description) };
}

function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/s.exec(text)?.[0].replace(/\.$/, "") ?? text;
}

/** One that no help shows. */
function isHidden(command: Command): boolean {
  return command.name().startsWith("__");
}
