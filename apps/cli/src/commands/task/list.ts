import type { TaskInfo } from "@ws/rpc-contract";
import { InvalidArgumentError, type Command } from "commander";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { ago } from "../../output/workspace.ts";
import { parsePositive } from "../../values.ts";
import { statusOf } from "./task-text.ts";

type Status = TaskInfo["status"];

const STATUSES = Object.keys({
  pending: true,
  running: true,
  waiting_input: true,
  limited: true,
  auth_failed: true,
  completed: true,
  failed: true,
  cancelled: true,
} satisfies Record<Status, true>) as Status[];

export function registerList(task: Command, context: Context): void {
  task
    .command("list")
    .alias("ls")
    .description("List tasks, the last created first.")
    .argument("[name]", "of this workspace only")
    .option("--status <status>", "only those in this state; repeat for more", collectStatus)
    .option("-n, --limit <number>", "at most so many (default: 100)", parsePositive)
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExamples:\n  ws task list demo\n  ws task ls --status failed -n 10")
    .action(async (name: string | undefined, flags: { status?: Status[]; limit?: number; json?: true }) => {
      const { client } = await context.connect();
      const found = await client.tasks.list(given({ name, status: flags.status, limit: flags.limit }));
      if (flags.json === true) return context.printJson(found);
      if (found.length === 0) return context.hint("No tasks. Queue one: ws task add NAME -- CMD");
      const rows = found.map((one) => [
        one.id,
        one.workspace || (one.workspaceId === "" ? one.reference : undefined) || "-",
        statusOf(one),
        one.title,
        ago(one.createdAt),
      ]);
      context.printTable(["TASK", "WORKSPACE", "STATUS", "TITLE", "CREATED"], rows);
    });
}

function collectStatus(text: string, earlier: readonly Status[] = []): Status[] {
  const status = STATUSES.find((one) => one === text);
  if (status === undefined) throw new InvalidArgumentError(`Use one of ${STATUSES.join(", ")}.`);
  return [...earlier, status];
}
