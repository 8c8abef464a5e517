import type { AgentClient } from "@ws/rpc-contract/client";
import { createFakeRuns } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createSystemClock } from "../system/clock.ts";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { bearer } from "../testing/headers.ts";
import { startTestAgent } from "../testing/test-agent.ts";

async function over(client: AgentClient, name: string): Promise<string> {
  const { id } = await client.tasks.create({ name, spec: { kind: "command", command: ["flood"] } });
  await expect.poll(async () => (await client.tasks.get({ task: id })).status).toBe("completed");
  return id;
}

/** An agent whose tasks say more than is kept of them. */
function startAgent() {
  const runs = createFakeRuns({
    clock: createSystemClock(),
    programs: {
      flood: ({ print }) => {
        print("a".repeat(1024 * 1024));
        print("b".repeat(7));
        print("c".repeat(4 * 1024 * 1024));
        return {};
      },
      grow: async ({ print, signal }) => {
        print("grown");
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        return {};
      },
    },
  });
  const adapters = { ...createFakeAdapters(), openRuns: async () => runs };
  return startTestAgent({ adapters: () => adapters });
}

test("what a task said is a file, with a line where something was not kept", async () => {
  await using agent = await startAgent();
  await agent.local.workspaces.create({ name: "demo" });
  const id = await over(agent.local, "demo");
  const { token } = await agent.local.tokens.create({ name: "reader", scope: "read" });
  const { status, headers, text } = await agent.ask(`/tasks/${id}/log`, { headers: bearer(token) });
  expect([status, headers["content-disposition"]]).toEqual([200, expect.stringContaining(`"${id}.log"`)]);
  expect(headers["content-security-policy"]).toContain("sandbox");
  expect(text.slice(1024 * 1024 - 2, 1024 * 1024 + 28)).toBe("aa\n[7 bytes were not kept]\nccc");
  expect(text).toHaveLength(5 * 1024 * 1024 + "\n[7 bytes were not kept]\n".length);
});

test("it is for those who may read the task, and for nobody else", async () => {
  await using agent = await startAgent();
  const { local } = agent;
  await local.workspaces.create({ name: "mine" });
  await local.workspaces.create({ name: "other" });
  const [mine, theirs] = [await over(local, "mine"), await over(local, "other")];
  const { token } = await local.tokens.create({ name: "inside", scope: "workspace:mine" });
  const ask = async (path: string): Promise<number> =>
    (await agent.ask(path, { headers: bearer(token), method: "HEAD" })).status;
  expect(await ask(`/tasks/${mine}/log?name=mine`)).toBe(200);
  expect(await ask(`/tasks/${theirs}/log?name=mine`)).toBe(404);
  expect(await ask(`/tasks/${theirs}/log?name=other`)).toBe(403);
  expect(await ask(`/tasks/${mine}/log`)).toBe(200);
  expect(await ask(`/tasks/${mine}/log?name=other`)).toBe(403);
  const refused = [theirs, "task-000000000000"].map((id) => agent.ask(`/tasks/${id}/log`, { headers: bearer(token) }));
  const [known, unknown] = await Promise.all(refused);
  expect([known?.status, known?.text]).toEqual([403, unknown?.text]);
  expect((await agent.ask(`/tasks/${mine}/log`)).status).toBe(401);
  expect((await agent.ask(`/tasks/${mine}/log`, { method: "POST", headers: bearer(token) })).status).toBe(405);
});

test("any part of what is over is to be had, and what still grows comes whole", async () => {
  await using agent = await startAgent();
  const { local } = agent;
  await local.workspaces.create({ name: "demo" });
  const id = await over(local, "demo");
  const { token } = await local.tokens.create({ name: "reader", scope: "read" });
  const ask = (query: string, more: Record<string, string> = {}) =>
    agent.ask(`/tasks/${id}/log${query}`, { headers: { ...bearer(token), ...more } });
  const size = 5 * 1024 * 1024 + "\n[7 bytes were not kept]\n".length;
  const part = await ask("", { range: "bytes=1048574-1048603" });
  expect([part.status, part.text]).toEqual([206, "aa\n[7 bytes were not kept]\nccc"]);
  expect(part.headers["content-range"]).toBe(`bytes 1048574-1048603/${size}`);
  expect((await ask("", { range: "bytes=-3" })).text).toBe("ccc");
  expect((await ask("", { range: `bytes=${size}-` })).status).toBe(416);
  const tag = String(part.headers["etag"]);
  expect((await ask("", { range: "bytes=-3", "if-range": tag })).status).toBe(206);
  expect((await ask("", { range: "bytes=-3", "if-range": '"another"' })).status).toBe(200);
  expect((await ask("?since=5242882")).text).toBe("c".repeat(5));
  expect((await ask("?since=1048580")).text.slice(0, 28)).toBe("\n[3 bytes were not kept]\nccc");
  expect((await ask("?stream=errors")).text).toBe("");
  for (const query of ["?since=-1", "?since=x", "?attempt=first", "?stream=both"])
    expect((await ask(query)).status).toBe(400);
  const growing = await local.tasks.create({ name: "demo", spec: { kind: "command", command: ["grow"] } });
  await expect.poll(async () => (await local.tasks.get({ task: growing.id })).status).toBe("running");
  const now = await agent.ask(`/tasks/${growing.id}/log`, { headers: { ...bearer(token), range: "bytes=2-" } });
  expect([now.status, now.text, now.headers["accept-ranges"]]).toEqual([200, "grown", undefined]);
  await local.tasks.cancel({ task: growing.id });
});
