import { randomBytes } from "node:crypto";
import { createFakeRuns } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createSystemClock } from "../system/clock.ts";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { bearer, json } from "../testing/headers.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import type { SeedTask } from "./seed-task.ts";

/** An agent with a tool that says something, and is over once it is let go. */
async function startAgent() {
  const letGo = Promise.withResolvers<void>();
  const runs = createFakeRuns({
    clock: createSystemClock(),
    programs: {
      claude: async ({ print, request: { stdin }, signal }) => {
        const say = (message: object): void => print(`${JSON.stringify(message)}\n`);
        say({ type: "system", subtype: "init", session_id: "s-1" });
        say({ type: "assistant", message: { model: "m", content: [{ type: "text", text: "Looking at it." }] } });
        if (new TextDecoder().decode(stdin).includes("wait")) {
          await Promise.race([letGo.promise, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
        }
        say({ type: "result", subtype: "success", is_error: false, result: "It adds numbers." });
        return {};
      },
    },
  });
  const adapters = { ...createFakeAdapters(), openRuns: async () => runs };
  const agent = await startTestAgent({ adapters: () => adapters });
  const { local } = agent;
  const env = { ANTHROPIC_API_KEY: randomBytes(16).toString("hex") };
  const { id } = await local.workspaces.create({ name: "demo", env });
  const tokenOf = async (scope: string): Promise<string> =>
    (await local.tokens.create({ name: `t-${randomBytes(4).toString("hex")}`, scope })).token;
  const token = await tokenOf("write");
  const post = (workspace: string, body: unknown, as = token) =>
    agent.ask(`/api/workspaces/${workspace}/ai-action`, {
      method: "POST",
      headers: { ...bearer(as), ...json },
      body: JSON.stringify(body),
    });
  return { agent, local, workspaceId: id, token, tokenOf, post, letGo: letGo.resolve };
}

function tasksIn(text: string): SeedTask[] {
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data) as SeedTask);
}

describe("an AI action, as plain HTTP", () => {
  test("streams its task at each change, until it is over", async () => {
    const { agent, post, workspaceId } = await startAgent();
    await using _closed = agent;
    const answer = await post(workspaceId, { action: "explain", context: "let a = 1 + 2;" });
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "text/event-stream"]);
    const tasks = tasksIn(answer.text);
    expect(tasks[0]).toMatchObject({ workspaceId, title: "explain the repository", status: "pending", output: null });
    expect(tasks[0]?.prompt).toBe("explain the repository");
    const last = tasks.at(-1);
    expect(last).toMatchObject({ status: "completed", output: "It adds numbers.", error: null, state: "completed" });
    expect(last?.startedAt).toMatch(/^\d{4}-/);
    expect(last?.completedAt).toMatch(/^\d{4}-/);
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(1);
  });

  test("tells what its tool says meanwhile, and goes on where its caller goes away", async () => {
    const { agent, local, token, letGo } = await startAgent();
    await using _closed = agent;
    const leaving = new AbortController();
    const answer = await fetch(`${agent.agent.url}/api/workspaces/demo/ai-action`, {
      method: "POST",
      headers: { ...bearer(token), ...json },
      body: JSON.stringify({ action: "fix", context: { instructions: "wait" } }),
      signal: leaving.signal,
    });
    let text = "";
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString("utf8");
      if (text.includes("Looking at it.")) break;
    }
    expect(tasksIn(text).at(-1)).toMatchObject({ status: "running", output: "Looking at it." });
    leaving.abort();
    const id = tasksIn(text)[0]?.id ?? "";
    expect((await local.tasks.get({ task: id })).status).toBe("running");
    letGo();
    await expect.poll(async () => (await local.tasks.get({ task: id })).status).toBe("completed");
    const created = (await local.audit.list({})).filter(({ action }) => action === "tasks.create");
    expect(created).toMatchObject([{ target: "demo", outcome: "ok" }]);
  });

  test("of a tool without a login says what it needs and that nothing runs, and goes on until it is over", async () => {
    const { agent, local, token } = await startAgent();
    await using _closed = agent;
    await local.workspaces.create({ name: "bare" });
    const answer = await fetch(`${agent.agent.url}/api/workspaces/bare/ai-action`, {
      method: "POST",
      headers: { ...bearer(token), ...json },
      body: JSON.stringify({ action: "explain" }),
    });
    let text = "";
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString("utf8");
      const told = tasksIn(text).at(-1);
      if (told?.state !== "auth_failed") continue;
      expect(told).toMatchObject({ status: "pending", error: expect.stringMatching(/login|key/) as string });
      expect(told.next).toContain("ANTHROPIC_API_KEY");
      await local.tasks.cancel({ task: told.id });
    }
    expect(tasksIn(text).map(({ state }) => state)).toContain("auth_failed");
    expect(tasksIn(text).at(-1)).toMatchObject({ status: "failed", state: "cancelled" });
  });

  test("ends with what went wrong", async () => {
    const { agent, local, post } = await startAgent();
    await using _closed = agent;
    const answering = post("demo", { action: "fix", context: { instructions: "wait" } });
    await expect.poll(async () => (await local.tasks.list({ status: ["running"] })).length).toBe(1);
    for (const { id } of await local.tasks.list({})) await local.tasks.cancel({ task: id });
    expect(tasksIn((await answering).text).at(-1)).toMatchObject({ status: "failed", error: "It was cancelled." });
  });

  test("refuses what is none, and who may not ask for it", async () => {
    const { agent, local, post, token, tokenOf } = await startAgent();
    await using _closed = agent;
    const unknown = await post("demo", { action: "destroy" });
    expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining("explain, fix, test")]);
    expect(unknown.text).toContain('"field":"action"');
    expect((await post("demo", {})).status).toBe(400);
    expect((await post("demo", { action: "fix", context: { file: "x" } })).status).toBe(400);
    expect((await post("nowhere", { action: "fix" })).status).toBe(404);
    const path = "/api/workspaces/demo/ai-action";
    const asText = await agent.ask(path, { method: "POST", headers: bearer(token), body: "x" });
    expect(asText.status).toBe(415);
    expect((await agent.ask(path, { headers: bearer(token) })).status).toBe(405);
    expect((await agent.ask(path, { method: "POST", headers: json, body: "{}" })).status).toBe(401);
    expect((await post("demo", { action: "fix" }, await tokenOf("read"))).status).toBe(403);
    const { id } = await local.workspaces.create({ name: "other" });
    const inside = await tokenOf("workspace:demo");
    expect((await post("other", { action: "fix" }, inside)).status).toBe(403);
    expect((await post(id, { action: "fix" }, inside)).status).toBe(403);
    expect(await local.tasks.list({})).toEqual([]);
  });
});
