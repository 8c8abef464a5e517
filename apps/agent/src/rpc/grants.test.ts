import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { safe } from "@orpc/client";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { hex, KEY, REPO, start, written } from "../testing/with-github.ts";

test("a workspace is granted its repository with the app's token, and the right ends with it", async () => {
  const { github, agent, credentials, workspaces } = await start();
  const set = await credentials.set({ name: "github-app", type: "github_app", value: KEY, appId: "7" });
  expect(set).toMatchObject({ name: "github-app", source: "GitHub App 7", checked: true, login: "helper[bot]" });
  await workspaces.create({ name: "demo", clone: REPO });
  const status = await credentials.status({ name: "demo" });
  expect(status.credentials).toMatchObject([{ name: "github-app", type: "github_app", usedBy: ["demo"] }]);
  expect(status.grants).toMatchObject([
    {
      workspace: "demo",
      repo: REPO,
      access: "write",
      renews: true,
      force: false,
      credential: { name: "github-app", type: "github_app", host: "github.com" },
    },
  ]);
  expect(status.grants[0]?.branches).toHaveLength(1);
  expect(await credentials.revoke({ name: "demo" })).toHaveLength(1);
  expect(await credentials.revoke({ name: "demo" })).toEqual([]);
  const again = await credentials.grant({ name: "demo", access: "read", ttlSeconds: 300 });
  expect(again).toMatchObject({ repo: REPO, access: "read", renews: false });
  await workspaces.delete({ name: "demo", force: true });
  expect((await credentials.status()).grants).toEqual([]);
  expect(github.requests).not.toContain("POST /app/installations/1/access_tokens");
  expect(written(agent)).not.toContain(KEY.split("\n")[3]);
});

test("a workspace is granted and loses a right also by its id, which another's name cannot take over", async () => {
  const { credentials, workspaces } = await start();
  await credentials.set({ name: "github-app", type: "github_app", value: KEY, appId: "7" });
  const { id } = await workspaces.create({ name: "demo", clone: REPO });
  await workspaces.create({ name: id });
  await workspaces.rename({ name: "demo", newName: "other" });
  expect(await credentials.revoke({ name: id })).toMatchObject([{ workspace: "other" }]);
  expect(await credentials.grant({ name: id, repo: REPO })).toMatchObject({ workspace: "other", repo: REPO });
  expect((await credentials.status({ name: id })).grants).toMatchObject([{ workspace: "other" }]);
});

test.each([
  "github.com/org/repo",
  "https://GitHub.com/org/repo",
  "https://github.com/org/repo.git",
  "https://github.com/org/repo/",
  "https://github.com:443/Org/Repo",
])("a right is ended by %s too, again by its repetition, and by no other repository's name", async (spelling) => {
  const { credentials, workspaces } = await start();
  await credentials.set({ name: "github-app", type: "github_app", value: KEY, appId: "7" });
  await workspaces.create({ name: "demo", clone: REPO });
  for (const repo of ["https://github.com/org/other", "nonsense"]) {
    const { error } = await safe(credentials.revoke({ name: "demo", repo }));
    expect(error).toMatchObject({ code: "BAD_REQUEST" });
  }
  expect((await credentials.status({ name: "demo" })).grants).toHaveLength(1);
  expect(await credentials.revoke({ name: "demo", repo: spelling })).toMatchObject([{ repo: REPO }]);
  expect((await credentials.status({ name: "demo" })).grants).toEqual([]);
  expect(await credentials.revoke({ name: "demo", repo: spelling })).toEqual([]);
});

test("a right to another repository says why it cannot be had, and a life that is too long is refused by its name", async () => {
  const { credentials, workspaces } = await start();
  await workspaces.create({ name: "demo" });
  const reasonFor = async (ask: Parameters<typeof credentials.grant>[0]) => {
    const { error } = await safe(credentials.grant(ask));
    return { code: (error as { data?: { code: string } }).data?.code, message: (error as Error).message };
  };
  expect(await reasonFor({ name: "demo" })).toMatchObject({ code: "invalid_input" });
  expect(await reasonFor({ name: "demo", repo: REPO })).toMatchObject({ code: "credential_missing" });
  await credentials.set({ name: "github-app", type: "github_app", value: KEY, appId: "7" });
  expect(await reasonFor({ name: "demo", repo: "github.com/org/other" })).toEqual({
    code: "credential_missing",
    message: "The GitHub App is not installed on github.com/org/other, or that repository does not exist.",
  });
  expect((await reasonFor({ name: "demo", repo: REPO, ttlSeconds: 86_400 })).message).toContain("ttlSeconds");
  expect(await reasonFor({ name: "demo", repo: "ssh://git@github.com:2222/org/repo" })).toMatchObject({
    code: "credential_missing",
  });
  expect(await reasonFor({ name: "none", repo: REPO })).toMatchObject({ code: "workspace_not_found" });
  expect(await credentials.grant({ name: "demo", repo: "github.com/org/repo", branches: ["fix"] })).toMatchObject({
    repo: REPO,
    branches: ["fix"],
  });
});

test("one that may use nothing has no variable, no file and no right (secrets in every workspace)", async () => {
  const { github, agent, credentials, workspaces } = await start();
  const [variable, token] = [hex(), hex()];
  github.people.set(token, { login: "ada" });
  const file = join(agent.configDirectory, "key");
  writeFileSync(file, "key", { mode: 0o600 });
  await credentials.set({ name: "API_KEY", type: "env", value: variable });
  await credentials.set({ name: "GITHUB_TOKEN", type: "env", value: token });
  await credentials.set({ name: "~/.key", type: "file", value: file });
  await workspaces.create({ name: "open", clone: REPO });
  await workspaces.create({ name: "shut", clone: REPO, credentials: "none" });
  await workspaces.create({ name: "some", clone: REPO, credentials: ["GITHUB_TOKEN"] });
  const told = async (name: string, variableName: string) =>
    (await workspaces.exec({ name, command: `env ${variableName}` })).stdout;
  const heard = [await told("open", "API_KEY"), await told("shut", "API_KEY"), await told("some", "API_KEY")];
  expect(heard).toEqual([variable, "", ""]);
  for (const name of ["open", "shut", "some"]) expect(await told(name, "GITHUB_TOKEN")).toBe("");
  const users = Object.fromEntries((await credentials.list()).map(({ name, usedBy }) => [name, usedBy]));
  expect(users).toEqual({ API_KEY: ["open"], GITHUB_TOKEN: ["open", "some"], "~/.key": ["open"] });
  expect(await workspaces.get({ name: "shut" })).toMatchObject({ credentials: "none" });
  await credentials.set({ name: "GITHUB_TOKEN", type: "env", expose: true });
  expect(await told("open", "GITHUB_TOKEN")).not.toBe("");
  expect(await told("shut", "GITHUB_TOKEN")).toBe("");
  expect(agent.logged.join("")).toContain("can be read by everything that runs in a workspace");
});

test("removing a credential ends the rights that use it; rights outlive the agent", async () => {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  const configDirectory = join(directory.path, "config");
  const first = await start({ configDirectory });
  first.github.people.set("t".repeat(20), { login: "ada" });
  await first.credentials.set({ name: "work", type: "pat", value: "t".repeat(20) });
  await first.workspaces.create({ name: "demo", clone: REPO });
  const { grants } = await first.credentials.status();
  await first.agent[Symbol.asyncDispose]();
  await using second = await startTestAgent({ configDirectory, adapters: () => first.agent.adapters });
  const { credentials } = second.local;
  expect((await credentials.status()).grants).toMatchObject([{ id: grants[0]?.id, credential: { name: "work" } }]);
  expect(await credentials.remove({ name: "work" })).toMatchObject({ usedBy: ["demo"] });
  expect(await credentials.status()).toEqual({ credentials: [], grants: [] });
  expect((await safe(credentials.remove({ name: "work" }))).error).toMatchObject({
    code: "NOT_FOUND",
    data: { code: "credential_not_found" },
  });
});
