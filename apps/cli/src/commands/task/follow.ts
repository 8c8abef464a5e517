import type { TaskInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";
import { interruptible } from "../../interruptible.ts";
import { printable } from "../../output/printable.ts";
import { outputWriter } from "./output-writer.ts";
import { describeTask, isOver } from "./task-text.ts";

/**
 * Shows what a task says until it is over, and exits with its code, or with 125 where it ended without one. With `--json` the task itself is
 * printed at the end, and nothing else.
 */
export async function followTask(
  context: Context,
  client: AgentClient,
  { id, workspace }: Pick<TaskInfo, "id" | "workspace">,
): Promise<void> {
  const told = {
    goesOn: `${id} goes on`,
    next: `See it again with 'ws task logs ${id} -f', or end it: ws task cancel ${id}.`,
  };
  const over = await interruptible(context, told, async (interrupted) => {
    const done = new AbortController();
    const signal = AbortSignal.any([interrupted, done.signal]);
    const waiting = tellWaits(context, client, { id, workspace, signal });
    try {
      const write = outputWriter(context, signal);
      const output = await client.tasks.output({ task: id, follow: true }, { signal });
      for await (const part of output) if (!context.json) await write(part);
      return await client.tasks.get({ task: id }, { signal });
    } finally {
      done.abort();
      await waiting;
    }
  });
  if (!isOver(over)) {
    throw new CliError("connection_lost", `The agent went away; ${id} goes on.`, {
      next: `See it again once the agent runs: ws task logs ${id} -f.`,
      exit: EXIT.unavailable,
    });
  }
  if (context.json) context.printJson(over);
  else if (over.status !== "completed") context.hint(describeTask(over));
  context.exitCode = over.status === "completed" ? EXIT.ok : (over.exitCode ?? EXIT.notRun);
}

/** Nothing comes of a task that waits; why is said here. */
async function tellWaits(
  { hint }: Context,
  client: AgentClient,
  { id, workspace, signal }: { id: string; workspace: string; signal: AbortSignal },
): Promise<void> {
  let said = "";
  try {
    for await (const event of await client.tasks.events({ name: workspace }, { signal })) {
      const tasks = event.type === "snapshot" ? event.tasks : [event.task];
      const { waits } = tasks.find((task) => task.id === id) ?? {};
      if (waits === undefined || waits.message === said) continue;
      said = waits.message;
      hint(`It waits: ${printable(waits.message)} ${printable(waits.next ?? "")}`.trimEnd());
    }
  } catch {
    // What it says is told by the output's own stream, whose failure is the command's.
  }
}
