import { basename } from "node:path";
import { Argument, type Command } from "commander";
import { connectAgent } from "../agent-connection.ts";
import { complete, type Candidate } from "../completion/complete.ts";
import type * as NamesModule from "../completion/names.ts";
import { SCRIPTS, SHELLS, type Shell } from "../completion/scripts.ts";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { printable } from "../output/printable.ts";
import { takeWorker } from "../worker-option.ts";

/** Whoever presses a key waits for it; a worker that is far away needs some of it. */
const LOOKUP_MS = 1_000;

export function registerCompletion(program: Command, context: Context): void {
  program
    .command("completion")
    .description("Print what makes a shell complete commands, options and names.")
    .addArgument(new Argument("[shell]", "default: the one that you use").choices(SHELLS))
    .addHelpText(
      "after",
      `
Examples:
  echo 'source <(ws completion bash)' >> ~/.bashrc
  echo 'source <(ws completion zsh)' >> ~/.zshrc         below its compinit
  ws completion fish > ~/.config/fish/completions/ws.fish`,
    )
    .action((asked: Shell | undefined) => {
      context.io.stdout.write(SCRIPTS[asked ?? ownShell(context.io.env["SHELL"])]);
    });
  program
    .command("__complete", { hidden: true })
    .argument("<words...>", "the line after ws, up to the cursor")
    .action((words: string[]) => answer(program, context, words));
}

function ownShell(path = ""): Shell {
  const name = basename(path);
  const found = SHELLS.find((shell) => shell === name);
  if (found !== undefined) return found;
  throw new CliError("usage", `Nothing completes ${name === "" ? "in an unknown shell" : `in '${printable(name)}'`}.`, {
    next: "Name one: ws completion bash, zsh or fish.",
    exit: EXIT.usage,
  });
}

async function answer(program: Command, context: Context, words: readonly string[]): Promise<void> {
  const { on, argv } = takeWorker(words.slice(0, -1), program);
  context.on = on ?? context.on;
  const { candidates, kind, lead, workspace } = complete(program, [...argv, words.at(-1) ?? ""]);
  for (const candidate of candidates) context.print(lineOf(candidate));
  if (kind === "none") return;
  if (kind === "file") return context.print(":files");
  for (const { value, about } of await lookUp(context, kind, workspace)) {
    context.print(lineOf({ value: `${lead}${value}`, ...(about === undefined ? {} : { about }) }));
  }
}

/** Nothing where nobody answers in time: a line that is being typed is no place for an error. */
async function lookUp(
  context: Context,
  kind: Parameters<typeof NamesModule.namesOf>[0],
  workspace: string | undefined,
): Promise<Candidate[]> {
  try {
    // Not as commands do it: nobody is asked for a worker while a line is typed.
    const way = connectAgent(context.io, context.on === undefined ? {} : { on: context.on });
    const [{ namesOf }, { client }] = await Promise.all([import("../completion/names.ts"), way]);
    return await namesOf(kind, { client, env: context.io.env, workspace, signal: AbortSignal.timeout(LOOKUP_MS) });
  } catch {
    return [];
  }
}

/** On one line, and without what a terminal would obey. */
function lineOf({ value, about }: Candidate): string {
  const [shown, described] = [value, about ?? ""].map((text) => printable(text).replace(/\s+/g, " ").trim());
  return described === "" ? `${shown}` : `${shown}\t${described}`;
}
