import { InvalidArgumentError, type Command } from "commander";
import type { TaskInput } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";
import { given } from "../../given.ts";
import { localText } from "../../local-content.ts";
import { collect, collectEnv, parseCount, parseDuration } from "../../values.ts";
import { followTask } from "./follow.ts";
import { describeTask } from "./task-text.ts";

const LANGUAGES = ["javascript", "typescript", "python", "sh"] as const;
type Language = (typeof LANGUAGES)[number];

interface Flags {
  code?: Language;
  title?: string;
  priority?: number;
  after?: string[];
  retries?: number;
  timeout?: number;
  restartable?: true;
  notBefore?: string;
  key?: string;
  execution?: string;
  cwd?: string;
  env?: Record<string, string>;
  stdin?: true;
  follow?: true;
  json?: true;
}

export function registerAdd(task: Command, context: Context): void {
  task
    .command("add")
    .description("Queue a command, or code, for a workspace, which is started where it is stopped.")
    .argument("<name>")
    .argument("[command...]", "after --, given as it is: no shell reads it")
    .option("--code <language>", "run the code on standard input: javascript, typescript, python or sh", parseLanguage)
    .option("--title <text>", "what to call it (default: the command)")
    .option("--priority <number>", "from -100 to 100; higher ones go first (default: 0)", parsePriority)
    .option("--after <task>", "begin once this one is completed; repeat for more", collect)
    .option("--retries <number>", "try again so often after a failure (default: 0)", parseCount)
    .option("--timeout <duration>", "end each attempt after so long, such as 10m (code: 5s)", parseDuration)
    .option("--restartable", "run it again where its workspace went while it ran")
    .option("--not-before <instant>", "begin no earlier, such as 2026-03-01T06:00:00Z")
    .option("--key <text>", "repeating under one key gives the same task")
    .option("--execution <id>", "the larger job it is part of")
    .option("--cwd <path>", "where to run it (default: the repository)")
    .option("--env <name=value>", "variable for this command; repeat for more", collectEnv)
    .option("--stdin", "give it what is on standard input")
    .option("-f, --follow", "show what it says until it is over, and exit with its code")
    .option("--json", "print the task as JSON; with --follow once it is over")
    .addHelpText(
      "after",
      `
Examples:
  ws task add demo -- npm test
  ws task add demo --follow --retries 2 --timeout 10m -- make
  ws task add demo --code python < report.py

With --follow it exits with the code of the task, or 125 where that ended without one. Ctrl-C ends the following, not the task.`,
    )
    .action(async (name: string, command: string[], flags: Flags) => {
      const spec = await specOf(context, command, flags);
      const { client } = await context.connect();
      const { title, priority, retries, restartable, notBefore, execution } = flags;
      const made = await client.tasks.create({
        name,
        spec,
        ...given({ title, priority, retries, restartable, notBefore, execution }),
        ...given({ dependsOn: flags.after, timeoutSeconds: flags.timeout, idempotencyKey: flags.key }),
      });
      if (flags.follow === true) return followTask(context, client, made);
      if (flags.json === true) return context.printJson(made);
      context.print(describeTask(made));
      if (context.io.stdout.isTTY === true) context.hint(`Next: ws task logs ${made.id} -f`);
    });
}

async function specOf({ io }: Context, command: string[], flags: Flags): Promise<TaskInput["spec"]> {
  const { code: language, cwd, env, stdin } = flags;
  if (language === undefined) {
    if (command.length === 0) throw usage("There is no command.", "Give it after --: ws task add NAME -- CMD.");
    const input = stdin === true ? await localText(io, "-") : undefined;
    return { kind: "command", command, ...given({ cwd, env, stdin: input }) };
  }
  if (command.length > 0 || cwd !== undefined || env !== undefined || stdin === true) {
    throw usage("--code takes no command, --cwd, --env or --stdin.", "Give the code on standard input.");
  }
  const code = await localText(io, "-");
  if (code === "") throw usage("There is no code.", "Give it on standard input: ws task add NAME --code sh < FILE.");
  return { kind: "code", language, code };
}

function usage(message: string, next: string): CliError {
  return new CliError("usage", message, { next, exit: EXIT.usage });
}

function parseLanguage(text: string): Language {
  const language = LANGUAGES.find((one) => one === text);
  if (language === undefined) throw new InvalidArgumentError(`Use one of ${LANGUAGES.join(", ")}.`);
  return language;
}

function parsePriority(text: string): number {
  const priority = Number(text);
  if (Number.isInteger(priority) && Math.abs(priority) <= 100) return priority;
  throw new InvalidArgumentError("Use a whole number from -100 to 100.");
}
