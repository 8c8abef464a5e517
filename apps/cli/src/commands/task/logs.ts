import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { toJson } from "../../output/json.ts";
import { written } from "../../output/written.ts";
import { parseCount, parsePositive } from "../../values.ts";
import { followTask } from "./follow.ts";
import { needs, waitsFor, whyNot } from "./needs.ts";
import { outputWriter } from "./output-writer.ts";
import { describeTask } from "./task-text.ts";

interface Flags {
  follow?: true;
  tail?: number;
  errors?: true;
  attempt?: number;
  json?: true;
}

export function registerLogs(task: Command, context: Context): void {
  task
    .command("logs")
    .description("Show what a task said: its last attempt, or another one.")
    .argument("<task>", "its id")
    .option("-f, --follow", "go on until it is over, and exit with its code")
    .option("-n, --tail <lines>", "begin with the last lines", parseCount)
    .option("--errors", "what a coding tool wrote on stderr, which is kept apart")
    .option("--attempt <number>", "which attempt", parsePositive)
    .option("--json", "print one JSON object per part; with --follow the task once it is over")
    .addHelpText("after", "\nExamples:\n  ws task logs task-0123456789ab\n  ws task logs task-0123456789ab -n 50 -f")
    .action(async (id: string, flags: Flags) => {
      const { client } = await context.connect();
      const { tail, attempt } = flags;
      const asked = given({ tail, stream: flags.errors === true ? ("errors" as const) : undefined });
      if (flags.follow === true) return followTask(context, client, await client.tasks.get({ task: id }), asked);
      const isForEyes = context.io.stdout.isTTY === true && !context.json && flags.errors !== true;
      const { tool } = isForEyes ? await client.tasks.get({ task: id }) : {};
      const writer = outputWriter(context, { tail, tool });
      let isSilent = true;
      for await (const part of await client.tasks.output({ task: id, ...asked, ...given({ attempt }) })) {
        isSilent = false;
        await (context.json ? written(context.io.stdout, `${toJson(part)}\n`) : writer.write(part));
      }
      await writer.end();
      if (!isSilent || context.json || flags.errors === true || tail === 0) return;
      const found = await client.tasks.get({ task: id });
      context.hint(`It said nothing: ${describeTask(found)}`);
      const why = needs(found) ?? waitsFor(found) ?? whyNot(found);
      if (why !== undefined) context.hint(why);
    });
}
