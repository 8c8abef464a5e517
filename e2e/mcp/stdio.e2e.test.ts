import { expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { shareAgent } from "../support/share-agent.ts";
import { overStdio } from "../support/tool-client.ts";

let agent: AgentProcess;
shareAgent(async (parts) => (agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "local" } }))));

test("beside the worker 'ws mcp' may do what its user may, and outlives an agent that starts anew", async () => {
  await using client = await overStdio(agent);
  expect(await client.tools()).toContain("workspace_clone");
  await agent.ws(["start", "demo"]);
  expect(await client.use("workspace_show", { name: "demo" })).toMatchObject({ name: "demo", status: "running" });
  await agent.stop();
  expect(await client.code("workspace_list")).toBe("agent_unreachable");
  await agent.start();
  expect(await client.use("workspace_list")).toMatchObject({ workspaces: [{ name: "demo" }] });
});

test("from elsewhere it may do what its token may", async () => {
  const token = (await agent.ws(["token", "create", "reader", "--scope", "read"])).stdout.trim();
  await using client = await overStdio(agent, { WS_WORKER: agent.url, WS_TOKEN: token });
  expect(await client.tools()).not.toContain("workspace_clone");
  expect(await client.code("workspace_remove", { name: "demo" })).toBe("forbidden");
});

test("without an agent it says so before the session begins, on standard error only", async () => {
  const env = { WS_WORKER: "http://127.0.0.1:9", WS_TOKEN: "none" };
  expect(await agent.ws(["mcp"], { env })).toMatchObject({
    code: 5,
    stdout: "",
    stderr: expect.stringContaining("agent_unreachable"),
  });
});
