import type { TaskInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { needs, waitsFor } from "./needs.ts";
import { describeTask, isOver } from "./task-text.ts";

/** Whether a tool has a key is known within this; a workspace that is started for it takes longer, and nobody waits for that. */
const MOMENT_MS = 1_500;

/** Says what was queued; of a coding tool's task also what it needs from somebody at once, since nothing else would tell. */
export async function sayQueued({ print, hint }: Context, client: AgentClient, queued: TaskInfo): Promise<void> {
  const task = queued.tool === undefined ? queued : await firstState(client, queued);
  print(describeTask(task));
  const needed = needs(task);
  if (needed !== undefined) hint(needed);
}

async function firstState(client: AgentClient, queued: TaskInfo): Promise<TaskInfo> {
  const signal = AbortSignal.timeout(MOMENT_MS);
  let last = queued;
  try {
    for await (const event of await client.tasks.events(given({ name: queued.workspace || undefined }), { signal })) {
      const tasks = event.type === "snapshot" ? event.tasks : [event.task];
      last = tasks.find(({ id }) => id === queued.id) ?? last;
      if (isOver(last) || last.status === "running" || needs(last) !== undefined || waitsFor(last) !== undefined) break;
    }
  } catch {
    // It is queued, whatever became of the look at it.
  }
  return last;
}
