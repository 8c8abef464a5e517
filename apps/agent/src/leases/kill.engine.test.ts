import type { AgentClient } from "@ws/rpc-contract/client";
import type { Lease } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { createKillableWorker } from "../testing/killable-worker.ts";

const reference = "#git:tool";

/** Waits until some lease is at this stage, as another connection sees it. */
async function reached(client: AgentClient, stage: Lease["stage"]): Promise<void> {
  await expect
    .poll(async () => (await client.leases.list()).map((lease) => lease.stage), { interval: 5, timeout: 20_000 })
    .toContain(stage);
}

test("wherever an agent is killed while numbers are taken and given back, the next one has each either with its holder or free", async () => {
  const worker = createKillableWorker();
  let client = await worker.start();
  await client.projects.init({ name: "tool" });
  const tokens: number[] = [];

  for (const point of ["acquired", "handed_over", "releasing"] as const) {
    const held = point === "releasing" ? await client.leases.acquire({ reference }) : undefined;
    const asked = Array.from({ length: 3 }, () => client.leases.acquire({ reference }));
    const over = Promise.allSettled(held === undefined ? asked : [client.leases.release({ lease: held.id }), ...asked]);
    await reached(client, point);
    await worker.kill();
    await over;

    client = await worker.start();
    const leases = await client.leases.list();
    expect(leases.every(({ stage }) => stage === "handed_over")).toBe(true);
    const workspaces = (await client.workspaces.list()).map(({ name }) => name);
    expect(workspaces.toSorted()).toEqual(leases.map(({ workspace }) => workspace).toSorted());
    const next = await client.leases.acquire({ reference });
    expect(leases.map(({ number }) => number)).not.toContain(next.number);
    tokens.push(next.token);
    for (const { id } of await client.leases.list()) {
      expect(await client.leases.release({ lease: id })).toEqual({ released: true });
    }
    expect([await client.leases.list(), await client.workspaces.list()]).toEqual([[], []]);
  }
  expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
});
