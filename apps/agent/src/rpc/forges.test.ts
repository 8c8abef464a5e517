import { generateKeyPairSync, randomBytes } from "node:crypto";
import { safe } from "@orpc/client";
import { startFakeGitHub } from "@ws/credentials/testing";
import { createFakeForge, createManualClock } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { startTestAgent } from "../testing/test-agent.ts";

async function start() {
  const github = await startFakeGitHub({ appId: "7", publicKey: generateKeyPairSync("ed25519").publicKey });
  onTestFinished(() => github[Symbol.asyncDispose]());
  const forge = createFakeForge({ clock: createManualClock() });
  forge.add("org/app", { private: true });
  forge.add("org/tool");
  const agent = await startTestAgent({
    env: { WS_GITHUB_URL: "https://forge.test", WS_GITHUB_API_URL: github.apiUrl },
    adapters: () => ({ ...createFakeAdapters(), forges: async () => [forge] }),
  });
  onTestFinished(() => agent[Symbol.asyncDispose]());
  const give = async (): Promise<string> => {
    const value = randomBytes(20).toString("hex");
    github.people.set(value, { login: "ada" });
    await agent.local.credentials.set({ name: "work", type: "pat", value, host: "forge.test" });
    return value;
  };
  return { agent, give };
}

test("what the worker's token reaches is listed, searched and turned over", async () => {
  const { agent, give } = await start();
  const { forges, github } = agent.local;
  expect(await forges.repositories()).toEqual({ configured: false, repositories: [], hasMore: false });
  const token = await give();
  const all = await forges.repositories();
  expect(all).toMatchObject({ configured: true, hasMore: false });
  expect(all.repositories.map(({ fullName }) => fullName).sort()).toEqual(["org/app", "org/tool"]);
  expect(JSON.stringify(all)).not.toContain(token);
  expect(await forges.repositories({ search: "tool" })).toMatchObject({
    repositories: [{ fullName: "org/tool", url: "https://forge.test/org/tool", private: false }],
  });
  expect(await github.listRepos({ perPage: 1 })).toMatchObject({ repos: [{}], hasMore: true });
  expect(await github.listRepos({ perPage: 1, page: 2 })).toMatchObject({ repos: [{}], hasMore: false });
});

test("what is private is not told to who may only read, and a look is no change to be audited", async () => {
  const { agent, give } = await start();
  await give();
  const remote = async (scope: string) => agent.remote((await agent.local.tokens.create({ name: scope, scope })).token);
  const { error } = await safe((await remote("read")).forges.repositories());
  expect(error).toMatchObject({ code: "FORBIDDEN" });
  expect((await (await remote("write")).github.listRepos()).repos).toHaveLength(2);
  const { token } = await agent.local.tokens.create({ name: "page", scope: "write" });
  const headers = { authorization: `Bearer ${token}` };
  const page = await agent.ask("/api/forges/repositories?perPage=1&page=2&search=org", { headers });
  expect(JSON.parse(page.text)).toMatchObject({ repositories: [{}], hasMore: false });
  expect((await agent.local.audit.list()).map(({ action }) => action)).not.toContain("github.listRepos");
});
