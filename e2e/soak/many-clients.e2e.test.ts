import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { type AgentProcess, startAgentProcess } from "../support/agent-process.ts";
import { rounds } from "../support/rounds.ts";
import { type Crowd, startCrowd } from "./connection/start-crowd.ts";

// A thousand say whether they are served in time; a few dozen, whether they are served at all.
const clients = rounds(40, 1_000);
const changes = rounds(10, 100);
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
      readNothing(agent, "/api/workspaces/events"),
      readNothing(agent, `/api/tasks/${id}/output?follow=true`),
      readNothing(agent, `/api/tasks/events`),
    ]);
    const beside = await hearChanges(agent, crowd, 2);
    await expect
      .poll(async () => (await agent.client.tasks.get({ task: id })).status, { timeout: 120_000 })
      .toBe("completed");
    const later = await hearChanges(agent, crowd, 3);
    const after = residentMiB(agent.pid);
    for (const socket of stalled) socket.destroy();
    const drops = (await crowd.report()).drops - begun.drops;
    console.log(JSON.stringify({ clients, alone, beside, later, beforeMiB: before, afterMiB: after, drops }));
    expect(drops).toBe(0);
    // What the machine keeps for a socket that nobody reads, and the collector's slack; the flood alone was 32 MiB of text.
    expect(after - before).toBeLessThan(60);
    // Of a few, on a machine that does much else, times say nothing.
    if (isFull) expect(Math.min(beside.p99Ms, later.p99Ms) - alone.p99Ms).toBeLessThan(50);
  },
);

/** Changes a workspace, one change after another was heard by all; how long it took until each had heard. */
async function hearChanges(
  agent: AgentProcess,
  crowd: Crowd,
  round: number,
): Promise<{ p50Ms: number; p99Ms: number }> {
  const took: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    const from = round * changes + change;
    const name = `demo-${from + 1}`;
    const asked = Date.now();
    await agent.client.workspaces.rename({ name: `demo-${from}`, newName: name });
    const heard = new Set<number>();
    let missing = clients;
    while (missing > 0) {
      for (const one of (await crowd.report()).heard) {
        if (one.title !== name) continue;
        missing -= 1;
        took.push(one.at - asked);
        heard.add(one.at);
      }
    }
  }
  took.sort((a, b) => a - b);
  const at = (part: number): number => took[Math.floor((took.length - 1) * part)] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** Asks for a stream and never reads what comes. */
async function readNothing(agent: AgentProcess, path: string): Promise<Socket> {
  const { hostname, port } = new URL(agent.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  await once(socket, "connect");
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${agent.token}\r\n\r\n`);
  return socket;
}

function residentMiB(pid: number): number {
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024);
}
