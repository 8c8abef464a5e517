import type { Command } from "commander";
import type { TaskInfo } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { printable } from "../../output/printable.ts";
import { localTime } from "../../output/time.ts";
import { statusOf } from "./task-text.ts";

export function registerShow(task: Command, context: Context): void {
  task
    .command("show")
    .description("Show one task.")
    .argument("<task>", "its id")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws task show task-0123456789ab")
    .action(async (id: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const found = await client.tasks.get({ task: id });
      if (flags.json === true) return context.printJson(found);
      for (const [what, value] of facts(found)) context.print(`${what.padEnd(10)}  ${printable(value)}`);
      const { waits, error } = found;
      const why = waits ?? error;
      if (why !== undefined) context.hint(`${printable(why.message)} ${printable(why.next ?? "")}`.trimEnd());
    });
}

function facts(task: TaskInfo): [string, string][] {
  const { createdAt, startedAt, completedAt, notBefore, timeoutSeconds, retryOf, execution } = task;
  const all: [string, string | undefined][] = [
    ["task", task.id],
    ["title", task.title],
    ["workspace", task.workspace === "" ? `${task.workspaceId} (deleted)` : task.workspace],
    ["status", statusOf(task)],
    [task.kind, task.prompt.replace(/\s*\n\s*/g, " ⏎ ")],
    ["attempt", task.attempt === 0 ? undefined : `${task.attempt}, ${task.retriesLeft} more after a failure`],
    ["priority", task.priority === 0 ? undefined : String(task.priority)],
    ["after", task.dependsOn.length === 0 ? undefined : task.dependsOn.join(", ")],
    ["timeout", timeoutSeconds === undefined ? undefined : `${timeoutSeconds} s`],
    ["tries again", retryOf],
    ["execution", execution],
    ["created", `${localTime(createdAt)} by ${task.createdBy}`],
    ["not before", notBefore === undefined ? undefined : localTime(notBefore)],
    ["started", startedAt === undefined ? undefined : localTime(startedAt)],
    ["over", completedAt === undefined ? undefined : localTime(completedAt)],
  ];
  return all.flatMap(([what, value]): [string, string][] => (value === undefined ? [] : [[what, value]]));
}
