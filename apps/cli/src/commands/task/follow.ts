import type { TaskInfo, TaskOutput } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { Context } from "../../context.ts";
import { EXIT } from "../../errors.ts";
import type { Follower } from "../../following/follow-agent.ts";
import { given } from "../../given.ts";
import { interruptible } from "../../interruptible.ts";
import { outputWriter } from "./output-writer.ts";
import { needs, staysUntil, waitsFor, whyNot } from "./needs.ts";
import { describeTask, isOver } from "./task-text.ts";

/** Which part of what it says. */
export interface OutputAsked {
  tail?: number;
  stream?: "errors";
}

/**
 * Shows what a task says until it is over, and exits with its code, with 124 where it took too long, or with 125 where it ended without one. With `--json` the task itself is
 * printed at the end, and nothing else. `noWait` is absent where the command has no such option.
 */
export async function followTask(
  context: Context,
  client: AgentClient,
  { id, workspace, tool }: Pick<TaskInfo, "id" | "workspace" | "tool">,
  { noWait, ...asked }: OutputAsked & { noWait?: boolean } = {},
): Promise<void> {
  const told = {
    goesOn: `${id} goes on`,
    next: `See it again with 'ws task logs ${id} -f', or end it: ws task cancel ${id}.`,
  };
  const over = await interruptible(context, told, async (interrupted) => {
    const done = new AbortController();
    const signal = AbortSignal.any([interrupted, done.signal]);
    const [{ followAgent }, { eventIdOf }] = await Promise.all([
      import("../../following/follow-agent.ts"),
      import("@ws/rpc-contract/client"),
    ]);
    using agent = followAgent(context);
    const waiting = tellWaits(context, client, agent, {
      id,
      workspace,
      signal,
      onWaiting: noWait === true ? () => done.abort() : (task) => context.hint(staysUntil(task, noWait === false)),
    });
    const writer = outputWriter(context, {
      signal: interrupted,
      tail: asked.tail,
      tool,
      raw: asked.stream !== undefined,
    });
    let at: { attempt: number; offset: number; tail?: undefined } | undefined;
    let shown: Promise<void> = Promise.resolve();
    const show = async (part: TaskOutput): Promise<void> => {
      if (!context.json) await writer.write(part);
      at = { attempt: part.attempt, offset: part.end, tail: undefined };
    };
    try {
      let last: TaskInfo | undefined;
      await agent.follow({
        open: (ended, after) =>
          client.tasks.output(
            { task: id, follow: true, ...asked },
            { signal: ended, ...given({ lastEventId: after }) },
          ),
        idOf: eventIdOf,
        onEvent: (part) => (shown = show(part)),
        async isOver(ended) {
          last = await client.tasks.get({ task: id }, { signal: ended });
          return isOver(last);
        },
        signal,
      });
      interrupted.throwIfAborted();
      if (!done.signal.aborted && last !== undefined) {
        await writer.end();
        return last;
      }
      // It waits for somebody, and whoever asked does not.
      await shown;
      const rest = await client.tasks.output({ task: id, ...asked, ...at }, { signal: interrupted });
      for await (const part of rest) await show(part);
      await writer.end();
      return await client.tasks.get({ task: id }, { signal: interrupted });
    } finally {
      done.abort();
      await waiting;
    }
  });
  if (noWait === true && needs(over) !== undefined) {
    if (context.json) context.printJson(over);
    context.exitCode = EXIT.notRun;
    return;
  }
  if (context.json) context.printJson(over);
  else if (over.status !== "completed") {
    context.hint(describeTask(over));
    const why = whyNot(over);
    if (why !== undefined) context.hint(why);
  }
  context.exitCode = exitOf(over);
}

function exitOf({ status, error, exitCode }: TaskInfo): number {
  // Of a coding tool the exit code says little.
  if (status === "completed") return EXIT.ok;
  // What ended it says nothing of the task either.
  if (status === "failed" && error?.code === "timeout") return EXIT.timedOut;
  return exitCode || EXIT.notRun;
}

/** Nothing comes of a task that waits; why is said here. */
async function tellWaits(
  { hint }: Context,
  client: AgentClient,
  agent: Follower,
  {
    id,
    workspace,
    signal,
    onWaiting,
  }: { id: string; workspace: string; signal: AbortSignal; onWaiting: (task: TaskInfo) => void },
): Promise<void> {
  let said = "";
  try {
    await agent.follow({
      open: (ended) => client.tasks.events(given({ name: workspace || undefined }), { signal: ended }),
      onEvent(event) {
        const tasks = event.type === "snapshot" ? event.tasks : [event.task];
        const task = tasks.find((one) => one.id === id);
        const words = task === undefined ? undefined : (needs(task) ?? waitsFor(task));
        if (task === undefined || words === undefined || words === said) return;
        said = words;
        hint(words);
        if (needs(task) !== undefined) onWaiting(task);
      },
      signal,
    });
  } catch {
    // What it says is told by the output's own stream, whose failure is the command's.
  }
}
