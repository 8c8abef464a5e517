import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, test } from "vitest";
import { createKillableWorker } from "../testing/killable-worker.ts";

const isOver = ({ status }: TaskInfo): boolean => ["completed", "failed", "cancelled"].includes(status);

/** What another connection sees at the instant at which the agent is killed. */
const POINTS: readonly ((client: AgentClient, id: string) => Promise<boolean>)[] = [
  async (client) => (await client.leases.list()).length > 0,
  async (client) => (await client.leases.list()).some(({ stage }) => stage === "handed_over"),
  async (client, id) => (await client.tasks.get({ task: id })).workspace !== "",
  async (client, id) => (await client.tasks.get({ task: id })).attempt > 0,
];

test(
  "wherever its agent is killed, a task has one workspace of its own, and runs there once",
  { timeout: 240_000 },
  async () => {
    const worker = createKillableWorker();
    let client = await worker.start();
    await client.projects.init({ name: "tool" });
    for (const [index, isThere] of POINTS.entries()) {
      const mark = join(worker.path, `mark-${index}`);
      const spec = { kind: "command" as const, command: `echo ran >> ${mark}` };
      const { id } = await client.tasks.createLeased({ reference: "#git:tool", spec, idempotencyKey: `k${index}` });
      await expect.poll(() => isThere(client, id), { interval: 1, timeout: 20_000 }).toBe(true);
      await worker.kill();

      client = await worker.start();
      await expect.poll(async () => isOver(await client.tasks.get({ task: id })), { timeout: 30_000 }).toBe(true);
      const done = await client.tasks.get({ task: id });
      expect([index, done.status, done.attempt]).toEqual([index, "completed", 1]);
      expect([existsSync(mark), readFileSync(mark, "utf8")]).toEqual([true, "ran\n"]);
      const leases = await client.leases.list();
      expect(leases).toMatchObject([{ id: done.lease, holder: id, workspace: done.workspace }]);
      expect((await client.workspaces.list()).map(({ name }) => name)).toEqual([done.workspace]);
      await client.leases.release({ lease: done.lease ?? "" });
    }
  },
);
