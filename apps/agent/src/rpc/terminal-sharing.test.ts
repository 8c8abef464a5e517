import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { createFakeTerminals } from "../testing/fake-terminals.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;

beforeAll(async () => {
  const terminals = createFakeTerminals();
  agent = await startTestAgent({ adapters: () => ({ ...createFakeAdapters(), openTerminals: async () => terminals }) });
  await agent.local.workspaces.create({ name: "demo" });
  const { token } = await agent.local.tokens.create({ name: "good" });
  const socket = new WebSocket(`${agent.agent.url.replace("http", "ws")}/terminal/demo`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "attach", cols: 80, rows: 24 }));
  await once(socket, "message");
});
afterAll(() => agent[Symbol.asyncDispose]());

test("A shared terminal is a link with a token that may call nothing", async () => {
  const { url, token, id, expires } = await agent.local.terminals.share({ name: "demo", terminal: "main" });
  expect(url).toBe(`${agent.agent.url}/watch/demo/main#token=${token}`);
  expect(Date.parse(expires) - Date.now()).toBeGreaterThan(3_000_000);
  const remote = agent.remote(token);
  expect(await remote.auth.whoami()).toMatchObject({
    scope: "workspace",
    workspace: "demo",
    handler: { kind: "terminal", settings: { repo: "demo", terminal: "main" } },
  });
  for (const call of [
    remote.workspaces.get({ name: "demo" }),
    remote.terminals.list({ name: "demo" }),
    remote.terminals.close({ name: "demo", terminal: "main" }),
    remote.files.list({ name: "demo", path: "" }),
    remote.workspaces.exec({ name: "demo", command: "id" }),
    remote.terminals.share({ name: "demo", terminal: "main" }),
  ]) {
    await expect(call).rejects.toMatchObject({
      message: expect.stringContaining("for watching a terminal of 'demo' only") as string,
    });
  }
  const [entry] = await agent.local.audit.list();
  expect(await agent.local.audit.list()).toContainEqual(
    expect.objectContaining({ action: "terminals.share", target: "demo", details: { terminal: "main" } }),
  );
  expect(JSON.stringify(entry)).not.toContain(token);
  await agent.local.tokens.revoke({ token: id });
  await expect(remote.auth.whoami()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
});

test.each([
  ["a terminal that is not there", "other", "NOT_FOUND"],
  ["what can be no terminal", "../main", "NOT_FOUND"],
])("Of %s there is no link", async (_, terminal, code) => {
  const before = (await agent.local.tokens.list()).length;
  await expect(agent.local.terminals.share({ name: "demo", terminal })).rejects.toMatchObject({ code });
  expect(await agent.local.tokens.list()).toHaveLength(before);
});

test("A link is revoked once: of one that is not there, or of another workspace, it is said that there is none", async () => {
  await agent.local.workspaces.create({ name: "other" });
  const { id: link } = await agent.local.terminals.share({ name: "demo", terminal: "main" });
  const none = { code: "NOT_FOUND", data: { code: "token_not_found" } };
  await expect(agent.local.terminals.unshare({ name: "demo", link: "tok-aaa" })).rejects.toMatchObject(none);
  await expect(agent.local.terminals.unshare({ name: "other", link })).rejects.toMatchObject(none);
  expect(await agent.local.terminals.links({ name: "demo" })).toMatchObject([{ id: link, terminal: "main" }]);
  expect(await agent.local.terminals.unshare({ name: "demo", link })).toEqual({ success: true });
  await expect(agent.local.terminals.unshare({ name: "demo", link })).rejects.toMatchObject(none);
});

test("Whoever is inside lets nobody else in, and who reads shares nothing", async () => {
  for (const scope of ["read", "workspace:demo"]) {
    const { token } = await agent.local.tokens.create({ name: scope, scope });
    await expect(agent.remote(token).terminals.share({ name: "demo", terminal: "main" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  }
});

test("A terminal is recorded by whoever may write, inside too, and read as an asciicast by whoever may read", async () => {
  const [inside, reader] = await Promise.all(
    ["workspace:demo", "read"].map(async (scope) =>
      agent.remote((await agent.local.tokens.create({ name: scope, scope })).token),
    ),
  );
  const main = { name: "demo", terminal: "main" };
  await inside?.terminals.record({ ...main, on: true });
  await expect(reader?.terminals.record({ ...main, on: false })).rejects.toMatchObject({ code: "FORBIDDEN" });
  let text = "";
  for await (const piece of (await reader?.terminals.recording(main)) ?? []) text += piece.text;
  expect(text.split("\n").map((line) => (line === "" ? "" : (JSON.parse(line) as unknown)))).toEqual([
    expect.objectContaining({ version: 2, width: 80, height: 24, timestamp: 1_700_000_000 }),
    [1.5, "o", "hello"],
    "",
  ]);
  for (const call of [
    agent.local.terminals.record({ ...main, terminal: "other", on: true }),
    agent.local.terminals.recording({ ...main, terminal: "other" }),
  ]) {
    await expect(call).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
});
