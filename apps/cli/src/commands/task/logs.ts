import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { toJson } from "../../output/json.ts";
import { written } from "../../output/written.ts";
import { parsePositive } from "../../values.ts";
import { followTask } from "./follow.ts";
import { outputWriter } from "./output-writer.ts";

export function registerLogs(task: Command, context: Context): void {
  task
    .command("logs")
    .description("Show what a task said: its last attempt, or another one.")
    .argument("<task>", "its id")
    .option("-f, --follow", "go on until it is over, and exit with its code")
    .option("--attempt <number>", "which attempt", parsePositive)
    .option("--json", "print one JSON object per part; with --follow the task once it is over")
    .addHelpText("after", "\nExamples:\n  ws task logs task-0123456789ab\n  ws task logs task-0123456789ab -f")
    .action(async (id: string, flags: { follow?: true; attempt?: number; json?: true }) => {
      const { client } = await context.connect();
      if (flags.follow === true) return followTask(context, client, await client.tasks.get({ task: id }));
      const write = outputWriter(context);
      for await (const part of await client.tasks.output({ task: id, ...given({ attempt: flags.attempt }) })) {
        await (context.json ? written(context.io.stdout, `${toJson(part)}\n`) : write(part));
      }
    });
}
