import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { Context } from "./context.ts";
import { CliError, EXIT } from "./errors.ts";

/** Asks before something is destroyed. Without a terminal nobody can answer: then `--yes` is needed. */
export async function confirm(
  { io, hint, asCalled }: Context,
  command: Command,
  statement: string,
  question: string,
): Promise<void> {
  if (command.optsWithGlobals()["yes"] === true) return;
  if (io.stdin.isTTY !== true) {
    hint(statement);
    throw new CliError("confirmation_needed", "Nobody can be asked here: standard input is not a terminal.", {
      next: "Add --yes if this is meant.",
      exit: EXIT.usage,
    });
  }
  // A question is asked also where hints are not wanted, and so is what it is about.
  io.stderr.write(`${asCalled(statement)}\n`);
  const prompt = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await prompt.question(`${question} [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } catch (error) {
    if ((error as { code?: string }).code !== "ABORT_ERR") throw error;
    hint("");
    throw new CliError("interrupted", "Nothing was changed.", { exit: EXIT.interrupted, cause: error });
  } finally {
    prompt.close();
  }
  throw new CliError("cancelled", "Nothing was changed.", { exit: EXIT.failed });
}
