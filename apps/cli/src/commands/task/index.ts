import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { registerAdd } from "./add.ts";
import { registerCancel } from "./cancel.ts";
import { registerList } from "./list.ts";
import { registerLogs } from "./logs.ts";
import { registerResume } from "./resume.ts";
import { registerRetry } from "./retry.ts";
import { registerShow } from "./show.ts";
import { registerTools } from "./tools.ts";

export function registerTask(program: Command, context: Context): void {
  const task = program
    .command("task")
    .description("Work that is queued for a workspace and goes on without you.")
    .addHelpText(
      "after",
      `
Examples:
  ws task add demo -- npm test
  ws task add demo --follow --retries 2 --timeout 10m -- make
  ws task add demo --agent "Make the failing test pass" -f
  ws task list demo
  ws task logs TASK -f`,
    );
  registerAdd(task, context);
  registerList(task, context);
  registerShow(task, context);
  registerLogs(task, context);
  registerCancel(task, context);
  registerRetry(task, context);
  registerResume(task, context);
  registerTools(task, context);
}
