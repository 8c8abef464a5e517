import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { describeTask } from "./task-text.ts";

export function registerCancel(task: Command, context: Context): void {
  task
    .command("cancel")
    .description("End a task and all its processes. One that is over stays as it is.")
    .argument("<task>", "its id")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws task cancel task-0123456789ab")
    .action(async (id: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const ended = await client.tasks.cancel({ task: id });
      if (flags.json === true) return context.printJson(ended);
      context.print(describeTask(ended));
      if (ended.cancelling === true)
        context.hint("Its workspace cannot be reached now; it is ended as soon as it can.");
    });
}
