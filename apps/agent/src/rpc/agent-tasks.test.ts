import { randomBytes } from "node:crypto";
import type { TaskInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { createFakeRuns, type FakeRunProgram } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createSystemClock } from "../system/clock.ts";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent } from "../testing/test-agent.ts";

const SESSION = "11111111-2222-4333-8444-555555555555";

/** What was told to it, and how it was started. */
interface Told {
  argv: readonly string[];
  prompt: string;
}

/** Claude Code as far as its lines go: it asks where its prompt says so. */
function tool(told: Told[]): FakeRunProgram {
  return ({ request: { argv, stdin = new Uint8Array() }, print, printError }) => {
    const prompt = new TextDecoder().decode(stdin);
    told.push({ argv, prompt });
    const say = (message: object): void => print(`${JSON.stringify(message)}\n`);
    say({ type: "system", subtype: "init", session_id: SESSION });
    printError("a warning\n");
    const denied = prompt.includes("ask me")
      ? [
          {
            tool_name: "AskUserQuestion",
            tool_input: { questions: [{ question: "Which one?", options: [{ label: "Red" }, { label: "Blue" }] }] },
          },
        ]
      : [];
    say({
      type: "result",
      subtype: "success",
      is_error: false,
      result: `Said: ${prompt.slice(0, 20)}`,
      session_id: SESSION,
      usage: { input_tokens: 3, output_tokens: 4 },
      permission_denials: denied,
    });
    return {};
  };
}

async function startAgent() {
  const told: Told[] = [];
  const clock = createSystemClock();
  const runs = createFakeRuns({ clock, programs: { claude: tool(told), codex: tool(told), true: () => ({}) } });
  const adapters = { ...createFakeAdapters(), openRuns: async () => runs };
  const agent = await startTestAgent({ adapters: () => adapters });
  await agent.local.workspaces.create({
    name: "demo",
    env: { ANTHROPIC_API_KEY: randomBytes(16).toString("hex") },
  });
  return { agent, told };
}

async function until(client: AgentClient, id: string, status: string): Promise<TaskInfo> {
  await expect.poll(async () => (await client.tasks.get({ task: id })).status).toBe(status);
  return client.tasks.get({ task: id });
}

describe("a task of a coding tool", () => {
  test("is told with what the tool said, its conversation and its use; its stderr is apart", async () => {
    const { agent, told } = await startAgent();
    await using _closed = agent;
    const { local } = agent;
    const { id } = await local.tasks.create({ name: "demo", spec: { kind: "agent", prompt: "do it", model: "opus" } });
    expect(await until(local, id, "completed")).toMatchObject({
      kind: "agent",
      tool: "claude",
      model: "opus",
      prompt: "do it",
      title: "do it",
      permissions: "edits",
      session: SESSION,
      result: "Said: do it",
      usage: { inputTokens: 3, outputTokens: 4 },
      account: expect.stringMatching(/^claude:[0-9a-f]{12}$/) as string,
      timeoutSeconds: 7_200,
    });
    expect(told[0]?.argv).toContain("opus");
    expect(told[0]?.argv.join(" ")).not.toContain("do it");
    const texts = async (asked: object): Promise<string> =>
      (await Array.fromAsync(await local.tasks.output({ task: id, ...asked }))).map(({ text }) => text).join("");
    expect(await texts({ stream: "errors" })).toBe("a warning\n");
    expect(await texts({ tail: 1 })).toContain('"subtype":"success"');
  });

  test("asks, and goes on with the answer in its conversation", async () => {
    const { agent, told } = await startAgent();
    await using _closed = agent;
    const { local } = agent;
    const { id } = await local.tasks.create({ name: "demo", spec: { kind: "agent", prompt: "ask me" } });
    expect((await until(local, id, "waiting_input")).question).toEqual({
      text: "Which one?",
      options: ["Red", "Blue"],
      reason: "question",
    });
    expect((await local.tasks.resume({ task: id, prompt: "Blue" })).status).toMatch(/pending|running/);
    expect((await until(local, id, "completed")).question).toBeUndefined();
    expect(told[1]).toMatchObject({ prompt: "Blue" });
    expect(told[1]?.argv.join(" ")).toContain(`--resume ${SESSION}`);
    const further = await local.tasks.resume({ task: id, prompt: "And more" });
    expect(further).toMatchObject({ followUpOf: id, session: SESSION });
    await until(local, further.id, "completed");
    expect(told[2]?.argv.join(" ")).toContain(`--resume ${SESSION}`);
  });

  test("without a key says which one it needs, and begins once it is told to go on", async () => {
    const { agent } = await startAgent();
    await using _closed = agent;
    const { local } = agent;
    const { id } = await local.tasks.create({ name: "demo", spec: { kind: "agent", tool: "codex", prompt: "x" } });
    const { error } = await until(local, id, "auth_failed");
    expect(error).toMatchObject({ code: "login_needed" });
    expect(error?.next).toContain("CODEX_API_KEY");
    const command = await local.tasks.create({ name: "demo", spec: { kind: "command", command: ["true"] } });
    await until(local, command.id, "completed");
    expect(await refusal(local.tasks.resume({ task: command.id, prompt: "x" }))).toBe(
      "PRECONDITION_FAILED session_missing",
    );
  });

  test("is of a tool that the worker knows, with the model that its settings say", async () => {
    const { agent } = await startAgent();
    await using _closed = agent;
    const { local } = agent;
    const ask = (tool: string) => local.tasks.create({ name: "demo", spec: { kind: "agent", tool, prompt: "x" } });
    expect(await refusal(ask("gemini"))).toBe("BAD_REQUEST tool_unknown");
    expect(await refusal(ask("opencode"))).toBe("BAD_REQUEST invalid_input");
    await local.config.settings.set({ key: "agents.models", value: '{"opencode": "anthropic/claude"}' });
    expect(await ask("opencode")).toMatchObject({ model: "anthropic/claude" });
    await local.config.settings.set({
      key: "agents.custom",
      value: { mine: { argv: ["my-tool"], output: "text" } },
    });
    await local.config.settings.set({ key: "agents.default", value: "mine" });
    await local.config.settings.set({ key: "agents.permissions", value: "ask" });
    const { id } = await local.tasks.create({ name: "demo", spec: { kind: "agent", prompt: "x" } });
    expect(await until(local, id, "failed")).toMatchObject({ tool: "mine", permissions: "ask" });
    const tools = await local.tasks.tools({ name: "demo" });
    expect(tools.map(({ name, isDefault, login }) => [name, isDefault, login])).toEqual([
      ["claude", false, "key"],
      ["codex", false, "missing"],
      ["opencode", false, "key"],
      ["mine", true, "unknown"],
    ]);
    const odd = local.config.settings.set({ key: "agents.custom", value: { mine: { argv: [] } } });
    expect(await refusal(odd)).toBe("BAD_REQUEST invalid_input");
  });
});

describe("an action", () => {
  test("is a task of the tool with what it is about in its prompt", async () => {
    const { agent, told } = await startAgent();
    await using _closed = agent;
    const { local } = agent;
    await local.files.write({ name: "demo", path: "src/a.ts", content: "let a = 1;\n" });
    const context = { path: "src/a.ts", lines: { from: 1, to: 1 }, instructions: "In short." };
    const spec = { kind: "action", action: "explain", context } as const;
    const made = await local.tasks.create({ name: "demo", spec, idempotencyKey: "one" });
    expect(made).toMatchObject({ action: "explain", title: "explain src/a.ts", permissions: "ask", kind: "agent" });
    await until(local, made.id, "completed");
    expect(told[0]?.prompt).toMatch(
      /Lines 1 to 1 of the file "src\/a.ts":\n<[0-9a-f]{24}>\nlet a = 1;\n\n<\/[0-9a-f]{24}>$/,
    );
    const shown = await local.tasks.get({ task: made.id });
    expect(shown.prompt).toBe("explain src/a.ts, lines 1 to 1\n\nIn short.");
    const audited = async () => (await local.audit.list({})).filter(({ action }) => action === "tasks.end");
    await expect
      .poll(audited)
      .toMatchObject([
        { details: { task: made.id, command: expect.stringMatching(/^explain src\/a.ts, lines 1 to 1/) } },
      ]);
    await local.files.write({ name: "demo", path: "src/a.ts", content: "let a = 2;\n" });
    expect((await local.tasks.create({ name: "demo", spec, idempotencyKey: "one" })).id).toBe(made.id);
    const other = { ...spec, action: "fix" } as const;
    expect(await refusal(local.tasks.create({ name: "demo", spec: other, idempotencyKey: "one" }))).toBe(
      "CONFLICT idempotency_mismatch",
    );
  });

  test("starts a workspace that is stopped, to read what it is about", async () => {
    const { agent } = await startAgent();
    await using _closed = agent;
    const { local } = agent;
    await local.files.write({ name: "demo", path: "a.txt", content: "a" });
    await local.workspaces.stop({ name: "demo" });
    const spec = { kind: "action", action: "document", context: { path: "a.txt" } } as const;
    const { id } = await local.tasks.create({ name: "demo", spec });
    expect((await until(local, id, "completed")).title).toBe("document a.txt");
  });

  test("shows a tool nothing that its asker may not see", async () => {
    const { agent } = await startAgent();
    await using _closed = agent;
    const { local } = agent;
    await local.files.write({ name: "demo", path: "private/key.txt", content: "x" });
    await local.policy.update({ name: "demo", set: { hiddenPaths: ["private"] } });
    const spec = { kind: "action", action: "explain", context: { path: "private/key.txt" } } as const;
    expect(await refusal(local.tasks.create({ name: "demo", spec }))).toMatch(/path_not_allowed|file_not_found/);
    expect(await local.tasks.list({ name: "demo" })).toEqual([]);
  });
});
