import { InvalidArgumentError, type Command } from "commander";
import type { TaskInput } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { collect, collectEnv, parseCount, parseDuration } from "../../values.ts";
import { fanOut, parseFanOut } from "./fan-out.ts";
import { sayQueued } from "./first-state.ts";
import { followTask } from "./follow.ts";
import { inLeased, inLeasedLater, splitReference } from "./in-leased.ts";
import { ACTIONS, LANGUAGES, PERMISSIONS, type SpecFlags, specOf } from "./spec-of.ts";

interface Flags extends SpecFlags {
  title?: string;
  priority?: number;
  after?: string[];
  retries?: number;
  timeout?: number;
  restartable?: true;
  notBefore?: string;
  key?: string;
  execution?: string;
  profile?: "person" | "agent";
  fanOut?: number;
  with?: string[];
  follow?: true;
  wait: boolean;
  json?: true;
}

export function registerAdd(task: Command, context: Context): void {
  task
    .command("add")
    .description(
      "Queue a command, code, or a prompt for a coding tool, for a workspace, which is started where it is stopped.",
    )
    .argument("<name>", "the workspace, or a reference and a prompt in quotes: '#gh:org/repo PROMPT'")
    .argument(
      "[command...]",
      "after --, given as it is: no shell reads it; with --agent the prompt, - for standard input",
    )
    .option(
      "--code <language>",
      "run the code on standard input: javascript, typescript, python or sh",
      oneOf(LANGUAGES),
    )
    .option("--agent [tool]", "give a coding tool a prompt: claude, codex, opencode or one of agents.custom")
    .option("--model <model>", "as the tool names it")
    .option("--session <id>", "go on with this conversation of the tool's")
    .option("--permissions <which>", "what it may do without asking: ask, edits or all", oneOf(PERMISSIONS))
    .option("--action <action>", `ask a coding tool to ${ACTIONS.join(", ")}`, oneOf(ACTIONS))
    .option("--path <path>", "with --action: this file of the workspace")
    .option("--lines <from-to>", "with --path: these lines, such as 10-25", parseLines)
    .option("--diff <what>", "with --action: what changed: working, staged, or since a branch or commit")
    .option("--title <text>", "what to call it (default: the command or the prompt)")
    .option("--priority <number>", "from -100 to 100; higher ones go first (default: 0)", parsePriority)
    .option("--after <task>", "begin once this one is completed; repeat for more", collect)
    .option("--retries <number>", "try again so often after a failure (default: 0)", parseCount)
    .option(
      "--timeout <duration>",
      "end each attempt after so long, such as 10m (code: 5s, a coding tool: 2h)",
      parseDuration,
    )
    .option("--restartable", "run it again where its workspace went while it ran")
    .option("--not-before <instant>", "begin no earlier, such as 2026-03-01T06:00:00Z")
    .option("--key <text>", "repeating under one key gives the same task")
    .option("--execution <id>", "the larger job it is part of")
    .option(
      "--profile <profile>",
      "of the workspace that a reference takes: agent, which is the default in a container, or person",
      oneOf(["person", "agent"]),
    )
    .option("--fan-out <number>", "start it so often at once, each in a new workspace, to be compared", parseFanOut)
    .option(
      "--with <tool>",
      "with --fan-out: who makes an attempt, such as claude or codex:gpt-5; repeat for more",
      collect,
    )
    .option("--cwd <path>", "where to run it (default: the repository)")
    .option("--env <name=value>", "variable for this command; repeat for more", collectEnv)
    .option("--stdin", "give it what is on standard input")
    .option("-f, --follow", "show what it says until it is over, and exit with its code")
    .option("--no-wait", "with --follow: leave it where it waits for an answer, a login or the end of a limit")
    .option("--json", "print the task as JSON; with --follow once it is over")
    .addHelpText(
      "after",
      `
Examples:
  ws task add demo -- npm test
  ws task add demo --follow --retries 2 --timeout 10m -- make
  ws task add demo --code python < report.py
  ws task add demo --agent "Make the failing test pass"
  ws task add demo --agent codex --model gpt-5 - < prompt.md
  ws task add demo --action review --diff main -f
  ws task add demo --fan-out 3 --agent "Make the failing test pass"
  ws task add '#gh:org/repo Bring the dependencies up to date'
  ws task add '#gh:org/repo Say what changed' --after task-0123456789ab

With --follow it exits with the code of the task, with 124 where it took too long, or 125 where that ended without one. Ctrl-C ends the following, not the task.`,
    )
    .action(async (name: string, words: string[], flags: Flags) => {
      const asked = splitReference(name, words, flags);
      const spec = await specOf(context, asked.words, asked.flags);
      const { client, target } = await context.connect();
      const { title, priority, retries, restartable, notBefore, execution } = flags;
      const request = {
        ...given({ title, priority, retries, restartable, notBefore, execution }),
        ...given({ dependsOn: flags.after, timeoutSeconds: flags.timeout, idempotencyKey: flags.key }),
      };
      if (flags.fanOut !== undefined) {
        const of = asked.reference === undefined ? { name } : { clone: asked.reference };
        const { profile, timeout: timeoutSeconds, key: idempotencyKey, with: agents = [] } = flags;
        const json = flags.json === true;
        return fanOut(context, client, {
          count: flags.fanOut,
          of,
          spec,
          agents,
          title,
          profile,
          timeoutSeconds,
          idempotencyKey,
          json,
        });
      }
      const create = (workspace: string) =>
        client.tasks.create({ name: workspace, spec, ...request } satisfies TaskInput);
      const { reference, later } = asked;
      const place = { client, target, reference: reference ?? "", profile: flags.profile };
      const made = await (reference === undefined
        ? create(name)
        : later === true && spec.kind !== "action"
          ? inLeasedLater(context, place, { spec, ...request })
          : inLeased(context, place, create));
      if (flags.follow === true) return followTask(context, client, made, { noWait: !flags.wait });
      if (flags.json === true) return context.printJson(made);
      await sayQueued(context, client, made);
      if (context.io.stdout.isTTY === true) context.hint(`Next: ws task logs ${made.id} -f`);
    });
}

function oneOf<const T extends string>(all: readonly T[]): (text: string) => T {
  return (text) => {
    const found = all.find((one) => one === text);
    if (found === undefined) throw new InvalidArgumentError(`Use one of ${all.join(", ")}.`);
    return found;
  };
}

function parseLines(text: string): { from: number; to: number } {
  const [, from = "", to = from] = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/.exec(text) ?? [];
  if (from === "" || Number(to) < Number(from)) throw new InvalidArgumentError("Use lines such as 10-25.");
  return { from: Number(from), to: Number(to) };
}

function parsePriority(text: string): number {
  const priority = Number(text);
  if (Number.isInteger(priority) && Math.abs(priority) <= 100) return priority;
  throw new InvalidArgumentError("Use a whole number from -100 to 100.");
}
