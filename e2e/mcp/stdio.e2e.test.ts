import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));

let agent: AgentProcess;
beforeAll(async () => {
  agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
});
afterAll(() => agent?.[Symbol.asyncDispose]());

/** A session as a coding agent has one: it starts `ws mcp` and speaks with it. */
async function connect(env: Record<string, string> = {}): Promise<Client & AsyncDisposable> {
  const client = new Client({ name: "e2e", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: launcher,
      args: ["mcp"],
      env: { PATH: process.env["PATH"] ?? "", WS_CONFIG_DIR: agent.configDirectory, ...env },
    }),
  );
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

test("beside the worker 'ws mcp' may do what its user may, and outlives an agent that starts anew", async () => {
  await using client = await connect();
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain("workspace_clone");
  await agent.ws(["start", "demo"]);
  const shown = await client.callTool({ name: "workspace_show", arguments: { name: "demo" } });
  expect(shown.structuredContent).toMatchObject({ name: "demo", status: "running" });
  await agent.stop();
  const lost = await client.callTool({ name: "workspace_list" });
  expect(lost).toMatchObject({ isError: true, structuredContent: { code: "agent_unreachable" } });
  await agent.start();
  expect((await client.callTool({ name: "workspace_list" })).structuredContent).toMatchObject({
    workspaces: [{ name: "demo" }],
  });
});

test("from elsewhere it may do what its token may", async () => {
  const token = (await agent.ws(["token", "create", "reader", "--scope", "read"])).stdout.trim();
  await using client = await connect({ WS_WORKER: agent.url, WS_TOKEN: token });
  expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain("workspace_clone");
  const refused = await client.callTool({ name: "workspace_remove", arguments: { name: "demo" } });
  expect(refused).toMatchObject({ isError: true, structuredContent: { code: "forbidden" } });
});

test("without an agent it says so before the session begins, on standard error only", async () => {
  const env = { WS_WORKER: "http://127.0.0.1:9", WS_TOKEN: "none" };
  expect(await agent.ws(["mcp"], { env })).toMatchObject({
    code: 5,
    stdout: "",
    stderr: expect.stringContaining("agent_unreachable"),
  });
});
