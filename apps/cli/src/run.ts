import { Command, CommanderError, Help, Option } from "commander";
import { registerCommands } from "./commands/index.ts";
import { verbFirst } from "./commands/git/verb.ts";
import { createContext } from "./context.ts";
import { EXIT, printError, toCliError } from "./errors.ts";
import type { Io } from "./io.ts";
import { asCalled } from "./output/as-called.ts";
import { requireSeparator, usageError } from "./usage-error.ts";
import { takeWorker } from "./worker-option.ts";
import { VERSION } from "./version.ts";

/** Runs one command line; resolves to the exit code and never rejects. */
export async function run(words: readonly string[], io: Io): Promise<number> {
  const context = createContext(io, wantsJson(words));
  const program = createProgram(io);
  registerCommands(program, context);
  program.on("option:quiet", () => (context.quiet = true));
  const { on, argv } = takeWorker(words, program);
  context.on = on;
  try {
    if (argv.length === 0) {
      const { openFirst } = await import("./first-run/open-first.ts");
      await openFirst(context, program);
      return context.exitCode;
    }
    requireSeparator(argv, program);
    await program.parseAsync(withAliases(argv, program), { from: "user" });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are printed already.
      if (error.exitCode === 0) return EXIT.ok;
      if (error.code.startsWith("commander.help")) return EXIT.usage;
    }
    const failure = error instanceof CommanderError ? usageError(error, program, argv) : toCliError(error);
    printError(io, failure, context.json, on);
    return failure.exit;
  }
}

export function createProgram(io: Io): Command {
  return new Command("ws")
    .description("Isolated workspaces on your own machines.")
    .version(VERSION, "-V, --version")
    .configureOutput({
      writeOut: (text) => void io.stdout.write(asCalled(text, io.env)),
      writeErr: (text) => void io.stderr.write(asCalled(text, io.env)),
      // Wrong use looks like every other failure; `run` prints it.
      outputError: () => undefined,
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    })
    .configureHelp({
      subcommandTerm: (command) => termOf(command),
      visibleOptions(command) {
        const own = Help.prototype.visibleOptions.call(this, command);
        return command.parent === null ? [...own, AS_AGENT] : own;
      },
      // Before lines are broken; what has a line to itself anyway is left to the output above.
      styleDescriptionText: (text) => asCalled(text, io.env),
      minWidthToWrap: 20,
    })
    .exitOverride()
    .showSuggestionAfterError()
    .option("-y, --yes", "answer every question with yes")
    .option("--quiet", "print results and errors, and neither progress nor hints")
    .option("--on <worker>", "the worker behind the agent that the command is for (also WS_ON; see ws worker)")
    .addHelpText(
      "after",
      `
Examples:
  ws                                        the workspaces as screens, on a terminal
  ws agent run                              make this machine a worker
  ws start demo --clone https://HOST/O/R    a workspace with that repository
  ws shell demo                             its terminal
  ws exec demo -- git status                one command in it

Exit codes:
  0 done          1 failed             2 wrong use      3 not found
  4 conflict      5 nothing answers    6 not allowed    130 interrupted
  'exec', 'shell -c' and a followed task exit with their command's code, or 125 without one.`,
    );
}

/** Shown only: an option of the program would be taken from every command, and one of these has another of this name. */
const AS_AGENT = new Option("--agent", "the same as 'ws agent run'");

/** Without commander's `[options]`, which says the same of every command. */
function termOf(command: Command): string {
  const words = command.registeredArguments.map((argument) => {
    const word = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${word}>` : `[${word}]`;
  });
  return [[command.name(), ...command.aliases()].join("|"), ...words].join(" ");
}

/** `ws git NAME VERB` is taken verb first, `ws --agent …` is `ws agent run …`, and `ws help X Y` is `ws X Y --help`. */
function withAliases(argv: readonly string[], program: Command): string[] {
  if (argv[0] === "--agent") return ["agent", "run", ...argv.slice(1)];
  const asked = argv[0] === "help" && argv.length > 1;
  const verbs = program.commands.find((command) => command.name() === "git")?.commands ?? [];
  const words = verbFirst(
    asked ? argv.slice(1) : argv,
    verbs.map((command) => command.name()),
  );
  const [verb = ""] = words;
  const known = program.commands.some((command) => command.name() === verb || command.aliases().includes(verb));
  // Alone, because commander would answer a wish for help with everything there is.
  if (!known && verb !== "help" && !verb.startsWith("-")) return [verb];
  return asked ? [...words, "--help"] : words;
}

/** Read from the words themselves: an error can come before the options are parsed. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  const isJson = (word: string, index: number): boolean => word === "--format" && words[index + 1] === "json";
  return words.includes("--json") || words.includes("--format=json") || words.some(isJson);
}
