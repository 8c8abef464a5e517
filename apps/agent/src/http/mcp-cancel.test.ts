import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createFakeGit } from "@ws/workspace-core/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { bearer } from "../testing/headers.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

const REPOSITORY = "https://git.example.com/org/app.git";

let agent: TestAgent;
/** Resolve when a search begins and when it was ended. */
let search: { begun: PromiseWithResolvers<void>; ended: PromiseWithResolvers<void> };
/** Resolves when a clone has begun; it goes on once it is let. */
let clone: { begun: PromiseWithResolvers<void>; goOn: PromiseWithResolvers<void> };

beforeEach(async () => {
  search = { begun: Promise.withResolvers(), ended: Promise.withResolvers() };
  clone = { begun: Promise.withResolvers(), goOn: Promise.withResolvers() };
  const git = createFakeGit();
  git.prepareAfter(() => {
    clone.begun.resolve();
    return clone.goOn.promise;
  });
  const adapters = createFakeAdapters({
    git,
    programs: {
      rg: async ({ signal }) => {
        search.begun.resolve();
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        search.ended.resolve();
        return {};
      },
    },
  });
  agent = await startTestAgent({ adapters: () => adapters });
  await agent.local.workspaces.create({ name: "demo" });
});
afterEach(() => agent[Symbol.asyncDispose]());

type Era = "auto" | "legacy";

async function connect(mode: Era): Promise<Client & AsyncDisposable> {
  const { token } = await agent.local.tokens.create({ name: "agent", scope: "write" });
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  const requestInit = { headers: bearer(token) };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${agent.agent.url}/mcp`), { requestInit }));
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

const grep = { name: "workspace_grep", arguments: { repo: "demo", pattern: "x" } };
const cloning = { name: "workspace_clone", arguments: { url: REPOSITORY, name: "app" } };

test("a search that its client cancels is ended in the workspace, and the session goes on", async () => {
  await using client = await connect("auto");
  const cancel = new AbortController();
  const call = client.callTool(grep, { signal: cancel.signal });
  await search.begun.promise;
  cancel.abort();
  await expect(call).rejects.toThrow(/abort/i);
  await search.ended.promise;
  expect(await client.callTool({ name: "workspace_show", arguments: { name: "demo" } })).toMatchObject({
    structuredContent: { status: "running" },
  });
});

test.each<[Era]>([["auto"], ["legacy"]])("so is one whose client goes away in the middle (%s)", async (mode) => {
  const client = await connect(mode);
  const call = client.callTool(grep).catch((error: unknown) => error);
  await search.begun.promise;
  await client.close();
  await search.ended.promise;
  expect(await call).toBeInstanceOf(Error);
  await using next = await connect(mode);
  expect((await next.listTools()).tools.length).toBeGreaterThan(0);
});

test("a client of an earlier revision that cancels is no longer answered, and its search ends with its connection", async () => {
  const client = await connect("legacy");
  let ended = false;
  void search.ended.promise.then(() => (ended = true));
  const cancel = new AbortController();
  const call = client.callTool(grep, { signal: cancel.signal });
  await search.begun.promise;
  cancel.abort();
  await expect(call).rejects.toThrow(/abort/i);
  expect((await client.listTools()).tools.length).toBeGreaterThan(0);
  expect(ended).toBe(false);
  await client.close();
  await search.ended.promise;
});

test.each<[string, Era, "cancelled" | "left"]>([
  ["cancels", "auto", "cancelled"],
  ["cancels", "legacy", "cancelled"],
  ["goes away in the middle", "auto", "left"],
  ["goes away in the middle", "legacy", "left"],
])("a clone whose client %s becomes whole, and nothing half-made stays (%s)", async (_does, mode, how) => {
  await using client = await connect(mode);
  const cancel = new AbortController();
  const call = client.callTool(cloning, { signal: cancel.signal }).catch((error: unknown) => error);
  await clone.begun.promise;
  if (how === "cancelled") cancel.abort();
  else await client.close();
  expect(await call).toBeInstanceOf(Error);
  clone.goOn.resolve();
  await expect
    .poll(() => agent.local.workspaces.get({ name: "app" }))
    .toMatchObject({ status: "running", phase: "ready", repo: REPOSITORY });
  await using next = await connect(mode);
  expect(await next.callTool(cloning)).toMatchObject({ isError: true, structuredContent: { code: "name_taken" } });
  const removed = await next.callTool({ name: "workspace_remove", arguments: { name: "app" } });
  expect(removed).toMatchObject({ structuredContent: { removed: true } });
  expect((await agent.local.workspaces.list()).map(({ name }) => name)).toEqual(["demo"]);
});
