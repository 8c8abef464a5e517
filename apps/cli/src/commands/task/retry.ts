import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { followTask } from "./follow.ts";
import { describeTask } from "./task-text.ts";

export function registerRetry(task: Command, context: Context): void {
  task
    .command("retry")
    .description("Queue a new task that asks for the same as one that is over.")
    .argument("<task>", "its id")
    .option("-f, --follow", "show what it says until it is over, and exit with its code")
    .option("--json", "print the new one as JSON; with --follow once it is over")
    .addHelpText(
      "after",
      "\nExample:\n  ws task retry task-0123456789ab --follow\n\nOne that came after others comes after the latest retry of each.",
    )
    .action(async (id: string, flags: { follow?: true; json?: true }) => {
      const { client } = await context.connect();
      const made = await client.tasks.retry({ task: id });
      if (flags.follow === true) return followTask(context, client, made);
      if (flags.json === true) return context.printJson(made);
      context.print(describeTask(made));
    });
}
