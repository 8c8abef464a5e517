import type { Command } from "commander";
import type { TaskInfo } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { printable } from "../../output/printable.ts";
import { lengthOfTime, localTime } from "../../output/time.ts";
import { needs, waitsFor } from "./needs.ts";
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
      const { waits, error, result } = found;
      if (result !== undefined) context.print(`\n${printable(result)}`);
      const needed = needs(found);
      if (needed !== undefined) return context.hint(needed);
      if (found.waitsFor !== undefined) return context.hint(waitsFor(found) ?? "");
      const why = waits ?? error;
      if (why !== undefined) context.hint(`${printable(why.message)} ${printable(why.next ?? "")}`.trimEnd());
    });
}

const MAY = {
  ask: "change nothing without asking",
  edits: "change files",
  all: "do what its workspace lets it",
} as const;

function usedOf({ inputTokens, outputTokens, cost }: NonNullable<TaskInfo["usage"]>): string {
  const tokens = [inputTokens, outputTokens].map((count) => count ?? "?").join(" + ");
  return `${tokens} tokens${cost === undefined ? "" : `, $${cost.toFixed(2)}`}`;
}

function placeOf({ workspace, workspaceId }: TaskInfo): string {
  if (workspaceId === "") return "none yet: it takes one of its own when its turn comes";
  return workspace === "" ? `${workspaceId} (deleted)` : workspace;
}

function attemptOf({ attempt, retriesLeft }: TaskInfo): string {
  return retriesLeft === 0 ? String(attempt) : `${attempt}, ${retriesLeft} more after a failure`;
}

function facts(task: TaskInfo): [string, string][] {
  const { usage, createdAt, startedAt, completedAt, notBefore, timeoutSeconds, retryOf, execution } = task;
  const all: [string, string | undefined][] = [
    ["task", task.id],
    ["title", task.title],
    ["workspace", placeOf(task)],
    ["of", task.reference],
    ["lease", task.lease],
    ["status", statusOf(task)],
    ["since", task.changedAt === createdAt ? undefined : localTime(task.changedAt)],
    [task.kind, task.prompt.replace(/\s*\n\s*/g, " ⏎ ")],
    ["attempt", task.attempt === 0 ? undefined : attemptOf(task)],
    ["priority", task.priority === 0 ? undefined : String(task.priority)],
    ["after", task.dependsOn.length === 0 ? undefined : task.dependsOn.join(", ")],
    ["timeout", timeoutSeconds === undefined ? undefined : lengthOfTime(timeoutSeconds)],
    ["retry of", retryOf],
    [
      "tool",
      task.tool === undefined ? undefined : [task.tool, task.model].filter((word) => word !== undefined).join(", "),
    ],
    ["may", task.permissions === undefined ? undefined : MAY[task.permissions]],
    ["session", task.session],
    ["goes on", task.followUpOf],
    ["account", task.account],
    ["used", usage === undefined ? undefined : usedOf(usage)],
    ["execution", execution],
    ["created", `${localTime(createdAt)} by ${task.createdBy}`],
    ["not before", notBefore === undefined ? undefined : localTime(notBefore)],
    ["started", startedAt === undefined ? undefined : localTime(startedAt)],
    ["over", completedAt === undefined ? undefined : localTime(completedAt)],
  ];
  return all.flatMap(([what, value]): [string, string][] => (value === undefined ? [] : [[what, value]]));
}
