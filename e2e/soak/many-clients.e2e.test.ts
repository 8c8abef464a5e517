import { expect, test } from "vitest";
import { type AgentProcess, startAgentProcess } from "../support/agent-process.ts";
import { rounds } from "../support/rounds.ts";
import { hearAll } from "./connection/hear-all.ts";
import { readNothing } from "./connection/read-nothing.ts";
import { residentMiB } from "./connection/resident.ts";
import { type Crowd, startCrowd } from "./connection/start-crowd.ts";
import type { Times } from "./connection/times.ts";

// A thousand say whether they are served in time; a few dozen, whether they are served at all.
const clients = rounds(40, 1_000);
const changes = rounds(10, 100);
/** 250 MB, of which an agent without clients has some hundred. */
const MOST_MIB = 238;
const isFull = process.env["WS_SOAK"] !== undefined;

test(
  `${clients} clients hear of every change, also while one of them and the reader of a flood read nothing`,
  { timeout: 900_000 },
  async () => {
    await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
    await agent.client.workspaces.create({ name: "demo-0" });
    using crowd = startCrowd(agent, clients, 0);
    // While a thousand begin at once, some are tried twice.
    const begun = await crowd.until(({ standing }) => standing === clients);
    await hearChanges(agent, crowd, 0);
    const alone = await hearChanges(agent, crowd, 1);
    const before = residentMiB(agent.pid);
    const command = ["sh", "-c", "yes 0123456789abcdef0123456789abcdef | head -c 33554432"];
    const { id } = await agent.client.tasks.create({
      name: `demo-${2 * changes}`,
      spec: { kind: "command", command },
    });
    const stalled = await Promise.all([
      readNothing(agent, "/api/events?tasks=true"),
      readNothing(agent, `/api/tasks/${id}/output?follow=true`),
      readNothing(agent, "/api/tasks/events"),
    ]);
    const beside = await hearChanges(agent, crowd, 2);
    await expect
      .poll(async () => (await agent.client.tasks.get({ task: id })).status, { timeout: 120_000 })
      .toBe("completed");
    const later = await hearChanges(agent, crowd, 3);
    const after = residentMiB(agent.pid);
    for (const socket of stalled) socket.destroy();
    const drops = (await crowd.report()).drops - begun.drops;
    console.log(JSON.stringify({ clients, alone, beside, later, before, after, drops }));
    expect(drops).toBe(0);
    // What the machine keeps for a socket that nobody reads, and the collector's slack; the flood alone was 32 MiB of text.
    expect(after.now - before.now).toBeLessThan(60);
    expect(after.most).toBeLessThan(MOST_MIB);
    // Of a few, on a machine that does much else, times say nothing.
    if (isFull) expect(Math.min(beside.p99Ms, later.p99Ms) - alone.p99Ms).toBeLessThan(50);
  },
);

/** Renames the workspace, one change after another was heard by all. */
function hearChanges(agent: AgentProcess, crowd: Crowd, round: number): Promise<Times> {
  const from = round * changes;
  const names = Array.from({ length: changes }, (_, change) => `demo-${from + change + 1}`);
  return hearAll(crowd, names, async (newName, change) => {
    await agent.client.workspaces.rename({ name: `demo-${from + change}`, newName });
  });
}
