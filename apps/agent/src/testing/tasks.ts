import type { AgentClient } from "@ws/rpc-contract/client";
import type { TaskInfo } from "@ws/rpc-contract";
import { expect } from "vitest";

export const command = (text: string) => ({ kind: "command", command: text }) as const;

/** The task once it has that state. */
export async function ended(client: AgentClient, id: string, status = "completed"): Promise<TaskInfo> {
  await expect.poll(async () => (await client.tasks.get({ task: id })).status).toBe(status);
  return client.tasks.get({ task: id });
}
