import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "@ws/mcp-inspector";
import { expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { shareAgent } from "../support/share-agent.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));

let agent: AgentProcess;
let home: string;
shareAgent(async (parts) => {
  // It keeps a catalog of servers in its user's home.
  home = await mkdtemp(join(tmpdir(), "ws-inspector-"));
  parts.defer(() => rm(home, { recursive: true }));
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "local" } }));
  await agent.ws(["start", "demo"]);
  return agent;
});

/** What the protocol's own inspector says of a server; it exits with 6 where a tool's schema would not work everywhere. */
function inspect(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: home };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, "--cli", ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const list = ["--method", "tools/list", "--strict"];
const show = ["--method", "tools/call", "--tool-name", "workspace_show", "--tool-arg", "name=demo"];

test("the protocol's inspector finds nothing wrong with the tools on standard input and output, and calls them", async () => {
  const server = [launcher, "mcp", "-e", `WS_CONFIG_DIR=${agent.configDirectory}`];
  const listed = await inspect(...server, ...list);
  expect(listed).toMatchObject({ code: 0 });
  const { tools } = JSON.parse(listed.stdout) as { tools: { name: string }[] };
  expect(tools.map(({ name }) => name)).toContain("workspace_git_push");
  const shown = await inspect(...server, ...show);
  expect(JSON.parse(shown.stdout)).toMatchObject({ structuredContent: { name: "demo", status: "running" } });
});

test("nor over HTTP, where a token of the workspace is enough", async () => {
  const token = (await agent.ws(["token", "create", "inspector", "--scope", "workspace:demo"])).stdout.trim();
  const server = [
    "--server-url",
    `${agent.url}/mcp`,
    "--transport",
    "http",
    "--header",
    `Authorization: Bearer ${token}`,
  ];
  expect(await inspect(...server, ...list)).toMatchObject({ code: 0 });
  const shown = await inspect(...server, "--method", "tools/call", "--tool-name", "workspace_show");
  expect(JSON.parse(shown.stdout)).toMatchObject({ structuredContent: { name: "demo" } });
});
