import { expect, test } from "vitest";
import { startAgentProcess } from "../support/agent-process.ts";
import { rounds } from "../support/rounds.ts";
import { startCrowd } from "./connection/start-crowd.ts";

const clients = rounds(40, 1_000);
/** Of them, those that look at a terminal too, and tell their token only once its socket is open, as browsers do. */
const viewers = rounds(10, 100);
const isFull = process.env["WS_SOAK"] !== undefined;

test(
  `${clients} clients of an agent that was killed all come back, from one address, and none is refused`,
  { timeout: 900_000 },
  async () => {
    await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
    await agent.client.workspaces.create({ name: "demo" });
    using crowd = startCrowd(agent, clients, viewers);
    await crowd.until(({ standing }) => standing === clients);
    const tookMs: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      await agent.kill();
      await crowd.until(({ standing }) => standing === 0);
      const startedAt = Date.now();
      await agent.start();
      const { at } = await crowd.until(({ standing }) => standing === clients);
      tookMs.push(at - startedAt);
    }
    const { statuses } = await crowd.report();
    console.log(JSON.stringify({ clients, viewers, tookMs, statuses }));
    expect(Object.keys(statuses)).toEqual(["200"]);
    // Of a few, on a machine that does much else, times say nothing.
    if (isFull) for (const ms of tookMs) expect(ms).toBeLessThan(15_000);
  },
);
