import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { createFakeRuns } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createSystemClock } from "../system/clock.ts";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { bearer, json } from "../testing/headers.ts";
import { startTestAgent } from "../testing/test-agent.ts";

const MIB = 1024 * 1024;
const ALL = 100 * MIB;
const PIECE = new Uint8Array(64 * 1024).fill(120);

/** An agent with a task that said 100 MB, which are made only as they are read. */
async function startAgent() {
  const runs = createFakeRuns({ clock: createSystemClock(), programs: { flood: () => ({}) } });
  const taken = { bytes: 0 };
  const flood = {
    ...runs,
    async *read() {
      while (taken.bytes < ALL) {
        const offset = taken.bytes;
        taken.bytes += PIECE.length;
        yield { offset, bytes: PIECE };
      }
    },
  };
  const adapters = { ...createFakeAdapters(), openRuns: async () => flood };
  const agent = await startTestAgent({ adapters: () => adapters });
  await agent.local.workspaces.create({ name: "demo" });
  const { id } = await agent.local.tasks.create({ name: "demo", spec: { kind: "command", command: ["flood"] } });
  await expect.poll(async () => (await agent.local.tasks.get({ task: id })).status).toBe("completed");
  const { token } = await agent.local.tokens.create({ name: "reader", scope: "read" });
  return { agent, taken, id, token };
}

test.each([
  ["the stream as plain HTTP", (id: string) => ({ method: "GET", path: `/api/tasks/${id}/output?follow=true` })],
  [
    "the stream of a client",
    (id: string) => ({ method: "POST", path: "/rpc/tasks/output", body: { json: { task: id, follow: true } } }),
  ],
  ["the file", (id: string) => ({ method: "GET", path: `/tasks/${id}/log` })],
])("A reader of %s that takes nothing holds the output up, and not the agent's memory", async (_what, ask) => {
  const { agent, taken, id, token } = await startAgent();
  await using _closed = agent;
  const { body, ...asked } = ask(id) as { method: string; path: string; body?: unknown };
  const request = httpRequest({
    host: "127.0.0.1",
    port: agent.agent.port,
    headers: { ...bearer(token), ...(body === undefined ? {} : json) },
    agent: false,
    ...asked,
  });
  request.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  let before = -1;
  const isHeldUp = (): boolean => {
    const isSame = taken.bytes > 0 && taken.bytes === before;
    before = taken.bytes;
    return isSame;
  };
  await expect.poll(isHeldUp, { interval: 200, timeout: 20_000 }).toBe(true);
  // What lies on the way: the system's buffers of a connection, and a piece or two here.
  expect(taken.bytes).toBeLessThan(16 * MIB);
  let came = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) came += chunk.length;
  expect(came).toBeGreaterThanOrEqual(ALL);
  expect(taken.bytes).toBe(ALL);
});
