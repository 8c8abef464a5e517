import { generateKeyPairSync, randomBytes } from "node:crypto";
import { safe } from "@orpc/client";
import { startFakeGitHub } from "@ws/credentials/testing";
import { createFakeForge, createManualClock } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { startTestAgent } from "../testing/test-agent.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

async function start() {
  const github = await startFakeGitHub({ appId: "7", publicKey });
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
  return { agent, give, github };
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

test("what the worker's GitHub App is installed on is listed where there is no token, by tokens that are ended", async () => {
  const { agent, give, github } = await start();
  const { credentials, forges } = agent.local;
  const permissions = { contents: "write", metadata: "read" };
  github.installations = [
    { id: 1, permissions, repositories: ["org/app", "org/secret"] },
    { id: 2, permissions, repositories: ["other/app"] },
    { id: 3, permissions, repositories: ["gone/app"], suspended: true },
  ];
  const value = privateKey.export({ type: "pkcs1", format: "pem" });
  await credentials.set({ name: "github-app", type: "github_app", value, appId: "7" });
  const all = await forges.repositories();
  expect(all).toMatchObject({ configured: true, hasMore: false });
  expect(all.repositories.map(({ url }) => url).sort()).toEqual([
    "https://forge.test/org/app",
    "https://forge.test/org/secret",
    "https://forge.test/other/app",
  ]);
  expect(github.tokens.size).toBe(0);
  const asked = github.requests.length;
  expect(await forges.repositories({ search: "app", perPage: 1 })).toMatchObject({ repositories: [{}], hasMore: true });
  expect(await forges.repositories({ search: "SECRET" })).toMatchObject({ repositories: [{ fullName: "org/secret" }] });
  expect(github.requests).toHaveLength(asked);
  await give();
  expect((await forges.repositories()).repositories.map(({ fullName }) => fullName).sort()).toEqual([
    "org/app",
    "org/tool",
  ]);
});
