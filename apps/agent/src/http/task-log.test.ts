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
  expect(await ask(`/tasks/${mine}/log`)).toBe(403);
  expect((await agent.ask(`/tasks/${mine}/log`)).status).toBe(401);
  expect((await agent.ask(`/tasks/${mine}/log`, { method: "POST", headers: bearer(token) })).status).toBe(405);
});
