import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { safe } from "@orpc/client";
import { startFakeGitHub } from "@ws/credentials/testing";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY = privateKey.export({ type: "pkcs1", format: "pem" });
const REPO = "https://github.com/org/repo";
const hex = (): string => randomBytes(20).toString("hex");

async function start(options: { env?: Record<string, string>; configDirectory?: string } = {}) {
  const github = await startFakeGitHub({ appId: "7", publicKey });
  onTestFinished(() => github[Symbol.asyncDispose]());
  github.installations = [{ id: 1, permissions: { contents: "write", metadata: "read" }, repositories: ["org/repo"] }];
  const { configDirectory, env = {} } = options;
  const agent = await startTestAgent({
    env: { WS_GITHUB_API_URL: github.apiUrl, ...env },
    ...(configDirectory === undefined ? {} : { configDirectory }),
  });
  onTestFinished(() => agent[Symbol.asyncDispose]());
  const { credentials, workspaces, config, audit } = agent.local;
  return { github, agent, credentials, workspaces, config, audit };
}

/** Everything that the worker wrote, but for the store of secrets itself. */
function written({ configDirectory, logged }: TestAgent): string {
  const files = readdirSync(configDirectory, { recursive: true, encoding: "utf8" })
    .map((name) => join(configDirectory, name))
    .filter((path) => statSync(path).isFile() && !path.endsWith("secrets.json"));
  return [...files.map((path) => readFileSync(path, "latin1")), ...logged].join("\n");
}

test("a token is checked with its forge, kept, and never comes out again (API that returns secrets, CVE-2025-66411)", async () => {
  const { github, agent, credentials, config, audit } = await start();
  const token = `ghp_${hex()}`;
  github.people.set(token, { login: "ada", headers: { "x-oauth-scopes": "repo" } });
  const set = await credentials.set({ name: "work", type: "pat", value: `${token}\n` });
  expect(set).toEqual({
    name: "work",
    type: "pat",
    host: "github.com",
    source: "ws credential set",
    last4: token.slice(-4),
    created: expect.any(String),
    usedBy: [],
    checked: true,
    login: "ada",
  });
  const answers = [
    set,
    await credentials.list(),
    await credentials.status(),
    await config.credentials.get(),
    await config.settings.list(),
    await audit.list(),
  ];
  expect(JSON.stringify(answers)).not.toContain(token);
  expect(written(agent)).not.toContain(token);
  expect(statSync(join(agent.configDirectory, "secrets.json")).mode & 0o777).toBe(0o600);
  expect((await audit.list())[0]).toMatchObject({ action: "credentials.set", target: "work", outcome: "ok" });
});

test("a private key that is given as a token is led to what it is for, and said nowhere", async () => {
  const { agent, credentials } = await start();
  const { error } = await safe(credentials.set({ name: "deploy", type: "pat", value: KEY }));
  expect(error).toMatchObject({
    message: "This is a private key, not a token.",
    data: { code: "invalid_input", next: expect.stringContaining("--type ssh-key") },
  });
  expect(written(agent)).not.toContain(KEY.split("\n")[1]);
  expect(await credentials.list()).toEqual([]);
});

test("what names no forge is for the GitHub that is configured", async () => {
  const { github, credentials } = await start({ env: { WS_GITHUB_URL: "https://ghe.test" } });
  const token = `ghp_${hex()}`;
  github.people.set(token, { login: "ada", headers: {} });
  expect(await credentials.set({ name: "work", type: "pat", value: token })).toMatchObject({
    host: "ghe.test",
    checked: true,
    login: "ada",
  });
  expect(await credentials.set({ name: "lab", type: "pat", value: token, host: "git.lab.test" })).toMatchObject({
    host: "git.lab.test",
  });
});

test("a token that the forge rejects is not kept, and one whose forge is away is, unchecked", async () => {
  const { github, agent, credentials } = await start();
  const token = hex();
  const { error } = await safe(credentials.set({ name: "work", type: "pat", value: token }));
  expect(error).toMatchObject({ code: "PRECONDITION_FAILED", data: { code: "credential_rejected" } });
  expect((error as Error).message).toMatch(/^Authentication failed: github\.com/);
  expect(await credentials.list()).toEqual([]);
  github.faults = [{ request: "GET /user", status: 0 }];
  expect(await credentials.set({ name: "work", type: "pat", value: token })).toMatchObject({ checked: false });
  expect(
    await credentials.set({ name: "lab", type: "pat", value: hex(), host: "https://Git.Lab.test/" }),
  ).toMatchObject({
    host: "git.lab.test",
    checked: false,
  });
  for (const bad of [
    { name: "a b", type: "pat", value: hex() },
    { name: "x", type: "pat", value: "two words" },
    { name: "x", type: "pat", value: hex(), host: "evil.test/path" },
    { name: "GITHUB_TOKEN", type: "pat", value: hex() },
    { name: "github-app", type: "pat", value: hex() },
    { name: "x", type: "pat" },
    { name: "OTHER", type: "env", value: "x", expose: true },
  ] as const) {
    const refused = await safe(credentials.set(bad));
    expect(refused.error).toMatchObject({
      data: { code: expect.stringMatching(/invalid_input|credential_rejected/) },
    });
  }
  expect(written(agent)).not.toContain(token);
});

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

test("a workspace that uses the app commits in the name of its bot, unless the settings say another", async () => {
  const { github, credentials, workspaces, config } = await start();
  await credentials.set({ name: "github-app", type: "github_app", value: KEY, appId: "7" });
  await workspaces.create({ name: "demo", clone: REPO });
  await workspaces.create({ name: "other", clone: "https://forge.test/org/repo" });
  const told = async (name: string, variable: string) =>
    (await workspaces.exec({ name, command: `env ${variable}` })).stdout;
  expect([await told("demo", "GIT_AUTHOR_NAME"), await told("demo", "GIT_COMMITTER_EMAIL")]).toEqual([
    "helper[bot]",
    "4242+helper[bot]@users.noreply.github.com",
  ]);
  expect(await told("other", "GIT_AUTHOR_NAME")).toBe("");
  const asked = github.requests.length;
  await config.settings.set({ key: "git.name", value: "Ada" });
  await config.settings.set({ key: "git.email", value: "ada@example.test" });
  expect(await told("demo", "GIT_AUTHOR_NAME")).toBe("Ada");
  expect(github.requests).toHaveLength(asked);
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

test("a login tells a code, then who has logged in; its token is kept and shown nowhere", async () => {
  const { github, agent, credentials } = await start({ env: { WS_GITHUB_CLIENT_ID: "client" } });
  const token = hex();
  github.people.set(token, { login: "ada" });
  github.device.interval = 0.01;
  github.device.answers = [{ error: "authorization_pending" }, { access_token: token, expires_in: 28_800 }];
  const told = await Array.fromAsync(await credentials.login());
  expect(told).toMatchObject([
    { type: "code", userCode: "ABCD-1234" },
    { type: "done", name: "github", host: "github.com", login: "ada" },
  ]);
  expect(await credentials.list()).toMatchObject([
    { name: "github", type: "oauth", source: "ws login", last4: token.slice(-4) },
  ]);
  expect(JSON.stringify(told)).not.toContain(token);
  expect(written(agent)).not.toContain(token);
});

test("without a client id a login names the setting", async () => {
  const { credentials } = await start();
  const { error } = await safe((async () => Array.fromAsync(await credentials.login()))());
  expect(error).toMatchObject({
    data: { code: "credential_invalid", next: expect.stringContaining("github.clientId") },
  });
});

test("an SSH key is checked and shown by its fingerprint; one that is cut is refused", async () => {
  const { agent, credentials } = await start();
  const key = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  expect(await credentials.set({ name: "deploy", type: "ssh_key", value: key })).toMatchObject({
    fingerprint: expect.stringMatching(/^SHA256:/),
    checked: false,
  });
  const { error } = await safe(credentials.set({ name: "cut", type: "ssh_key", value: key.slice(0, 60) }));
  expect(error).toMatchObject({ data: { code: "credential_invalid" } });
  expect(written(agent)).not.toContain(key.split("\n")[1]);
});

test("an app that is set up wrongly is told with its problem and stands in nobody else's way", async () => {
  const { credentials, workspaces } = await start({
    env: { PARALLAX_GITHUB_APP_ID: "7", WS_GITHUB_PRIVATE_KEY: ["-----BEGIN RSA", "PRIVATE KEY-----"].join(" ") },
  });
  expect(await credentials.list()).toMatchObject([
    { name: "github-app", problem: "The private key of the GitHub App holds its first line only." },
  ]);
  await workspaces.create({ name: "other", clone: "https://forge.test/org/repo" });
  const { error } = await safe(workspaces.create({ name: "demo", clone: REPO }));
  expect(error).toMatchObject({ data: { code: "credential_invalid" } });
});

test("credentials are an administrator's matter", async () => {
  const { agent } = await start();
  const { token } = await agent.local.tokens.create({ name: "writer", scope: "write" });
  const { credentials } = agent.remote(token);
  const asked = [
    () => credentials.list(),
    () => credentials.status(),
    () => credentials.set({ name: "x", type: "pat", value: "y" }),
  ];
  for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: "FORBIDDEN" });
});
