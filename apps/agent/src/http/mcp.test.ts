import { randomBytes } from "node:crypto";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bearer, json } from "../testing/headers.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";
import { audited } from "../testing/audited.ts";

const REPOSITORY = "https://git.example.com/org/Demo.App.git";

let agent: TestAgent;
beforeAll(async () => {
  agent = await startTestAgent();
});
afterAll(() => agent[Symbol.asyncDispose]());

/** The protocol's own client, with a token of this scope. */
async function connect(scope: string, mode: "auto" | "legacy" = "auto"): Promise<Client & AsyncDisposable> {
  const { token } = await agent.local.tokens.create({ name: `mcp ${scope}`, scope });
  return connectWith(token, mode);
}

async function connectWith(token: string, mode: "auto" | "legacy" = "auto"): Promise<Client & AsyncDisposable> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  const requestInit = { headers: bearer(token) };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${agent.agent.url}/mcp`), { requestInit }));
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

const toolNames = async (client: Client): Promise<string[]> =>
  (await client.listTools()).tools.map(({ name }) => name).sort();

describe("the protocol's own client", () => {
  test.each(["auto", "legacy"] as const)("clones, looks, lists and removes (%s)", async (mode) => {
    await using client = await connect("write", mode);
    const steps: string[] = [];
    const cloned = await client.callTool(
      { name: "workspace_clone", arguments: { url: REPOSITORY } },
      { onprogress: ({ message = "" }) => void steps.push(message) },
    );
    expect(cloned).toMatchObject({ structuredContent: { name: "demo-app", status: "running" } });
    expect(steps.length).toBeGreaterThan(0);
    const shown = await client.callTool({ name: "workspace_show", arguments: { repo: "demo-app" } });
    expect(shown.structuredContent).toMatchObject({ remote: REPOSITORY, phase: "ready" });
    const path = await client.callTool({ name: "workspace_path", arguments: { name: "demo-app" } });
    expect(path.structuredContent).toMatchObject({
      path: (await agent.local.workspaces.get({ name: "demo-app" })).directory,
    });
    const listed = await client.callTool({ name: "workspace_list" });
    expect(listed.structuredContent).toMatchObject({ workspaces: [{ name: "demo-app" }] });
    const again = await client.callTool({ name: "workspace_clone", arguments: { url: REPOSITORY } });
    expect(again).toMatchObject({ isError: true, structuredContent: { code: "name_taken" } });
    const removed = await client.callTool({ name: "workspace_remove", arguments: { name: "demo-app" } });
    expect(removed.structuredContent).toEqual({ name: "demo-app", removed: true });
    expect(await agent.local.workspaces.list()).toEqual([]);
  });
});

const named = (words: string): string[] => words.split(" ").map((word) => `workspace_${word}`);
const READING = named("git_diff git_log git_status grep list ls path read show");
const ADDING = named("clone git_add git_commit");
const CHANGING = named("apply_patch delete edit finalize git_pull git_push remove write");
const WRITING = [...ADDING, ...CHANGING];

describe("what a caller is shown and may do (token reuse, self-declared scopes: OpenClaw GHSA-rqpp)", () => {
  test("a token that reads sees what reads, and the rest is refused with what it needs", async () => {
    await using client = await connect("read");
    expect(await toolNames(client)).toEqual(READING);
    for (const name of WRITING) {
      const refused = await client.callTool({ name, arguments: { name: "x", url: REPOSITORY } });
      expect(refused).toMatchObject({
        isError: true,
        structuredContent: { code: "forbidden", details: { needs: "write" } },
      });
    }
    expect(await agent.local.workspaces.list()).toEqual([]);
  });

  test("a token that writes sees all of them, each with what it does to the world", async () => {
    await using client = await connect("write");
    expect(await toolNames(client)).toEqual([...READING, ...WRITING].sort());
    for (const { name, annotations, description } of (await client.listTools()).tools) {
      expect([name, annotations?.readOnlyHint]).toEqual([name, READING.includes(name)]);
      expect([name, annotations?.destructiveHint]).toEqual([name, CHANGING.includes(name)]);
      expect(description).toMatch(/\.$/);
    }
  });

  test("a token of one workspace need not name it, and reaches no other", async () => {
    await agent.local.workspaces.create({ name: "mine" });
    await agent.local.workspaces.create({ name: "other" });
    await using client = await connect("workspace:mine");
    expect(await toolNames(client)).toEqual(
      [...READING, ...WRITING].filter((name) => !named("clone remove").includes(name)).sort(),
    );
    expect((await client.callTool({ name: "workspace_show" })).structuredContent).toMatchObject({ name: "mine" });
    expect((await client.callTool({ name: "workspace_list" })).structuredContent).toMatchObject({
      workspaces: [{ name: "mine" }],
    });
    const other = await client.callTool({ name: "workspace_show", arguments: { name: "other" } });
    expect(other).toMatchObject({ isError: true, structuredContent: { code: "forbidden" } });
    await agent.local.workspaces.delete({ name: "mine", force: true });
    await agent.local.workspaces.delete({ name: "other", force: true });
  });

  test("a token of a pipeline sees its own and calls no other", async () => {
    await agent.local.workspaces.create({ name: "piped" });
    const handler = { kind: "fetch", settings: { repo: "piped" } } as const;
    const { token } = await agent.local.tokens.create({ name: "pipeline", handler });
    await using client = await connectWith(token);
    const names = await toolNames(client);
    expect(names).toEqual(["fetch_ls", "fetch_read"]);
    for (const name of [...READING, ...WRITING]) {
      const refused = await client.callTool({ name, arguments: { name: "piped" } });
      expect([name, refused.structuredContent]).toMatchObject([name, { code: "forbidden" }]);
    }
    await agent.local.workspaces.delete({ name: "piped", force: true });
  });

  test.each(["read", "write", "workspace:shown"])(
    "what a token of the scope %s is shown, it may call",
    async (scope) => {
      await agent.local.workspaces.create({ name: "shown" });
      await using client = await connect(scope);
      const given = {
        name: "shown",
        path: "a.md",
        pattern: "a",
        content: "a",
        old_string: "a",
        new_string: "b",
        patch: "x",
        paths: ["a.md"],
        message: "m",
        push: true,
      };
      const codes: string[] = [];
      for (const { name, inputSchema } of (await client.listTools()).tools) {
        // These make and remove workspaces, which others here do.
        if (["workspace_clone", "workspace_remove"].includes(name)) continue;
        const fields = Object.keys((inputSchema as { properties?: object }).properties ?? {});
        const args = Object.fromEntries(
          Object.entries({ ...given, repo: "shown" }).filter(([key]) => fields.includes(key)),
        );
        const { structuredContent } = await client.callTool({ name, arguments: args });
        const { code = "ok" } = structuredContent as { code?: string };
        codes.push(code);
        expect([name, code]).not.toEqual([name, expect.stringMatching(/^(?:forbidden|unauthorized)$/)]);
      }
      expect(codes).toContain("ok");
      await agent.local.workspaces.delete({ name: "shown", force: true });
    },
  );

  test("what the tools change stands in the audit under who called", async () => {
    await using client = await connect("write");
    await client.callTool({ name: "workspace_clone", arguments: { url: REPOSITORY, name: "audited" } });
    await client.callTool({ name: "workspace_remove", arguments: { name: "audited" } });
    const entries = (await audited(agent.local)).filter(({ target }) => target === "audited");
    expect(entries.map(({ action, who }) => [action, who.startsWith("mcp write (")])).toEqual([
      ["workspaces.delete", true],
      ["workspaces.create", true],
    ]);
  });
});

describe("what is wrong is told, with a code", () => {
  test.each<[string, Record<string, unknown>, string, RegExp]>([
    ["a workspace that is not there", { name: "nowhere" }, "workspace_not_found", /nowhere/],
    ["a number for a name", { name: 7 }, "invalid_input", /'name'/],
    ["no name", {}, "invalid_input", /'name'/],
    ["a field that nobody knows", { name: "x", colour: "red" }, "invalid_input", /colour/],
    ["a name of another form", { name: "--upload-pack=x" }, "workspace_not_found", /upload-pack/],
  ])("%s", async (_title, given, code, message) => {
    await using client = await connect("read");
    const refused = await client.callTool({ name: "workspace_show", arguments: given });
    expect(refused).toMatchObject({ isError: true, structuredContent: { code } });
    expect(refused.content).toEqual([{ type: "text", text: expect.stringMatching(message) as string }]);
  });

  test("a huge argument is refused in few words, and more than 8 MiB before it is read", async () => {
    await using client = await connect("read");
    const big = await client.callTool({ name: "workspace_show", arguments: { ["k".repeat(1_000_000)]: 1, name: "x" } });
    expect(big).toMatchObject({ isError: true, structuredContent: { code: "invalid_input" } });
    expect(JSON.stringify(big).length).toBeLessThan(2_000);
    const call = client.callTool({ name: "workspace_show", arguments: { name: "x".repeat(9 * 1024 * 1024) } });
    await expect(call).rejects.toThrow(/413|larger|closed|fetch failed/);
  });

  test("a tool that does not exist is an error of the protocol", async () => {
    await using client = await connect("admin");
    await expect(client.callTool({ name: "workspace_explode" })).rejects.toMatchObject({ code: -32602 });
    await expect(client.callTool({ name: "__proto__" })).rejects.toMatchObject({ code: -32602 });
  });

  test("keys that reach into prototypes are refused (oRPC CVE-2026-28794)", async () => {
    const { token } = await agent.local.tokens.create({ name: "pollute", scope: "admin" });
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"workspace_show","arguments":{"__proto__":{"x":1}}}}`;
    const answer = await agent.ask("/mcp", { method: "POST", headers: { ...json, ...bearer(token) }, body });
    expect(answer.status).toBe(400);
  });
});

describe("the one gate stands before it", () => {
  const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  const headers = { ...json, accept: "application/json, text/event-stream" };

  test("no token, a wrong one and a revoked one are refused", async () => {
    const post = async (more: Record<string, string>): Promise<number> =>
      (await agent.ask("/mcp", { method: "POST", headers: { ...headers, ...more }, body: list })).status;
    const { token, id } = await agent.local.tokens.create({ name: "gone", scope: "read" });
    expect(await post({})).toBe(401);
    expect(await post(bearer(randomBytes(32).toString("base64url")))).toBe(401);
    expect(await post(bearer(token))).toBe(200);
    await agent.local.tokens.revoke({ token: id });
    expect(await post(bearer(token))).toBe(401);
  });

  test("another host's name and another site's page are refused (DNS rebinding: MCP TypeScript SDK CVE-2025-66414)", async () => {
    const { token } = await agent.local.tokens.create({ name: "rebound", scope: "read" });
    const post = async (more: Record<string, string>): Promise<number> =>
      (await agent.ask("/mcp", { method: "POST", headers: { ...headers, ...bearer(token), ...more }, body: list }))
        .status;
    expect(await post({ host: "evil.test" })).toBe(421);
    expect(await post({ origin: "https://evil.test" })).toBe(403);
    expect(await post({ "sec-fetch-site": "cross-site" })).toBe(403);
  });

  test("without sessions there is nothing to get or to delete", async () => {
    const { token } = await agent.local.tokens.create({ name: "getter", scope: "read" });
    for (const method of ["GET", "DELETE"]) {
      expect((await agent.ask("/mcp", { method, headers: { ...headers, ...bearer(token) } })).status).toBe(405);
    }
  });

  test("a session ends with its token", async () => {
    const { token, id } = await agent.local.tokens.create({ name: "ending", scope: "read" });
    await using client = await connectWith(token);
    expect(await toolNames(client)).toEqual(READING);
    await agent.local.tokens.revoke({ token: id });
    await expect(client.listTools()).rejects.toThrow(/401|[Uu]nauthorized/);
  });

  test("what a token has open ends with it", async () => {
    const { token, id } = await agent.local.tokens.create({ name: "listening", scope: "read" });
    await using client = await connectWith(token);
    const listening = await client.listen({ toolsListChanged: true });
    await agent.local.tokens.revoke({ token: id });
    expect(await listening.closed).not.toBe("local");
  });
});
