import { randomBytes } from "node:crypto";
import type { TaskInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAgent, type Agent } from "../agent.ts";
import { type ModelProvider, startModelProvider } from "../testing/model-provider.ts";
import { realTools } from "../testing/real-tools.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { clientOn } from "../testing/test-agent.ts";
import { TOOL_PACKAGES } from "./install-tool.ts";

/** The real programs, with a provider of models that is on this machine: nothing here reaches another. */
const MODEL = "anthropic/claude-sonnet-4-5";
const TOOLS = ["claude", "codex", "opencode"] as const;
const directory = tempDir();
const key = `key-${randomBytes(16).toString("hex")}`;
let provider: ModelProvider;
let agent: Agent;
let local: AgentClient;

beforeAll(async () => {
  const bin = await realTools();
  provider = await startModelProvider();
  const env = {
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    HOME: directory.path,
    WS_RUNTIME: "local",
    WS_LOCAL_SANDBOX: "none",
    WS_AGENTS_INSTALL: "false",
  };
  agent = await startAgent({
    configDirectory: `${directory.path}/config`,
    env,
    port: 0,
    write: () => {},
    writeLog: () => {},
  });
  local = clientOn(agent.socket);
  const opencode = { provider: { anthropic: { options: { baseURL: `${provider.url}/v1` } } } };
  const common = {
    ANTHROPIC_BASE_URL: provider.url,
    OPENCODE_CONFIG_CONTENT: JSON.stringify(opencode),
    // What it would fetch of others meanwhile.
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
    // Else it asks for minutes what is refused at once.
    CLAUDE_CODE_MAX_RETRIES: "1",
  };
  await local.workspaces.create({ name: "bare", env: common });
  await local.workspaces.create({ name: "demo", env: { ...common, ANTHROPIC_API_KEY: key, OPENAI_API_KEY: key } });
  const config = `openai_base_url = "${provider.url}/v1"\n`;
  const written = await local.workspaces.exec({
    name: "demo",
    command: `mkdir -p ~/.codex && printf %s '${config}' >~/.codex/config.toml`,
  });
  if (written.exitCode !== 0) throw new Error(written.stderr);
});

afterAll(async () => {
  for (const name of ["bare", "demo"]) await local?.workspaces.delete({ name, force: true });
  await agent?.close();
  await provider?.[Symbol.asyncDispose]();
  directory[Symbol.dispose]();
});

const add = (name: string, tool: string, prompt = "Say hello."): Promise<TaskInfo> =>
  local.tasks.create({
    name,
    spec: { kind: "agent", tool, prompt, ...(tool === "opencode" ? { model: MODEL } : {}) },
  });

/** What the task comes to, or waits for. */
async function outcome({ id }: TaskInfo): Promise<TaskInfo> {
  const waits = (status: string): boolean => status === "pending" || status === "running";
  await expect
    .poll(async () => waits((await local.tasks.get({ task: id })).status), { timeout: 140_000, interval: 100 })
    .toBe(false);
  return local.tasks.get({ task: id });
}

// A machine that does much else takes its time for programs of a quarter of a gigabyte.
describe.each(TOOLS)("The real %s", { timeout: 300_000 }, (tool) => {
  test("starts, in the version that workspaces get", async () => {
    const { stdout, exitCode } = await local.workspaces.exec({ name: "demo", command: [tool, "--version"] });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(TOOL_PACKAGES[tool]?.split("@").at(-1) ?? "?")]);
  });

  test("without a key is not begun, and says which one it needs", async () => {
    const task = await outcome(await add("bare", tool));
    expect(task).toMatchObject({ status: "auth_failed", attempt: 0, error: { code: "login_needed" } });
  });

  test("with a key that does not hold has no login, and is never completed", async () => {
    provider.answer("no key");
    const task = await outcome(await add("demo", tool));
    expect(task).toMatchObject({ status: "auth_failed", attempt: 1, error: { code: "login_needed" } });
    expect(provider.requests.at(-1)?.key).toBe(key);
  });

  test("does what it is told, and goes on in its conversation without being told it again", async () => {
    provider.answer("well");
    const done = await outcome(await add("demo", tool, "Count the moons of Mars."));
    expect(done).toMatchObject({ status: "completed", result: "All done here." });
    expect(done.session).toBeTruthy();
    const { length } = provider.requests;
    const further = await outcome(await local.tasks.resume({ task: done.id, prompt: "And those of Jupiter?" }));
    expect(further).toMatchObject({ status: "completed", followUpOf: done.id, session: done.session });
    const asked = provider.requests.slice(length).findLast(({ text }) => text.includes("Jupiter"))?.text ?? "";
    expect(asked.split("Count the moons of Mars.")).toHaveLength(2);
  });

  test("writes down what it uses, which is read from there, each answer once, and is no more than was answered", async () => {
    const ask = { name: "demo", by: "agent", refresh: true } as const;
    const { rows } = await local.usage.summary(ask);
    const used = rows.find(({ key }) => key === tool);
    expect(used?.answers).toBeGreaterThanOrEqual(2);
    const answers = used?.answers ?? 0;
    expect(used?.tokens).toMatchObject({ input: 10 * answers, output: 5 * answers, cacheRead: 0, cacheWrite: 0 });
    expect(used?.costFrom).toBe(tool === "opencode" ? "tool" : "table");
    expect((await local.usage.summary(ask)).rows).toEqual(rows);
  });
});

describe("The real claude", { timeout: 300_000 }, () => {
  test("asks, with choices, and goes on with the answer", async () => {
    provider.answer("well");
    const asked = await outcome(await add("demo", "claude", "Before you begin, ask me."));
    expect(asked).toMatchObject({
      status: "waiting_input",
      question: { text: "Which colour?", options: ["Red", "Blue"], reason: "question" },
    });
    await local.tasks.resume({ task: asked.id, prompt: "Blue" });
    expect(await outcome(asked)).toMatchObject({ status: "completed", attempt: 2, session: asked.session });
  });

  test("meets a usage limit, which holds its task", async () => {
    provider.answer("limit");
    const limited = await outcome(await add("demo", "claude"));
    expect(limited).toMatchObject({ status: "limited", notBefore: expect.stringMatching(/^\d{4}-/) as string });
    provider.answer("well");
    await local.tasks.resume({ task: limited.id });
    expect(await outcome(limited)).toMatchObject({ status: "completed" });
  });
});
