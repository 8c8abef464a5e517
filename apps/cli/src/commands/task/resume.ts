import { InvalidArgumentError, type Command } from "commander";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { sayQueued } from "./first-state.ts";
import { followTask } from "./follow.ts";
import { PERMISSIONS, textOf } from "./spec-of.ts";

interface Flags {
  permissions?: (typeof PERMISSIONS)[number];
  follow?: true;
  wait: boolean;
  json?: true;
}

export function registerResume(task: Command, context: Context): void {
  task
    .command("resume")
    .description(
      "Let a coding tool go on in its conversation: with an answer, a login, before its limit ends, or with more to do.",
    )
    .argument("<task>", "its id")
    .argument("[prompt...]", "the answer, or what is to be done further; - for standard input")
    .option("--permissions <which>", "what it may do from now on without asking: ask, edits or all", parsePermissions)
    .option("-f, --follow", "show what it says until it is over, and exit with its code")
    .option("--no-wait", "with --follow: leave it where it waits for somebody again")
    .option("--json", "print the task as JSON; with --follow once it is over")
    .addHelpText(
      "after",
      `
Examples:
  ws task resume task-0123456789ab "The blue one"
  ws task resume task-0123456789ab --permissions all -f

One that waits goes on itself. Of one that is over a new task is made, in the same conversation and workspace.`,
    )
    .action(async (id: string, words: string[], flags: Flags) => {
      const prompt = words.length === 0 ? undefined : await textOf(context.io, words);
      const { client } = await context.connect();
      const resumed = await client.tasks.resume({ task: id, ...given({ prompt, permissions: flags.permissions }) });
      if (flags.follow === true) return followTask(context, client, resumed, { noWait: !flags.wait });
      if (flags.json === true) return context.printJson(resumed);
      await sayQueued(context, client, resumed);
    });
}

function parsePermissions(text: string): (typeof PERMISSIONS)[number] {
  const found = PERMISSIONS.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`Use one of ${PERMISSIONS.join(", ")}.`);
  return found;
}
