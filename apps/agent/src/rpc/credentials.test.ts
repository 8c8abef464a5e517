import { generateKeyPairSync } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { safe } from "@orpc/client";
import { expect, test } from "vitest";
import { hex, KEY, REPO, start, written } from "../testing/with-github.ts";
import { audited } from "../testing/audited.ts";

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
  expect((await audited(agent.local))[0]).toMatchObject({ action: "credentials.set", target: "work", outcome: "ok" });
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

test("a token that is replaced keeps its user name, unless another or another host is given", async () => {
  const { agent, credentials } = await start();
  const kept = () =>
    (JSON.parse(readFileSync(join(agent.configDirectory, "secrets.json"), "utf8")) as { forges: unknown[] }).forges;
  const lab = { name: "lab", type: "pat" as const, host: "git.lab.test" };
  const [first, second, third] = [hex(), hex(), hex()];
  await credentials.set({ ...lab, value: first, username: "deploy" });
  await credentials.set({ ...lab, value: second });
  expect(kept()).toMatchObject([{ secret: second, username: "deploy" }]);
  await credentials.set({ ...lab, value: third, username: "other" });
  expect(kept()).toMatchObject([{ secret: third, username: "other" }]);
  await credentials.set({ ...lab, host: "git.other.test", value: first });
  expect(kept()).toEqual([expect.not.objectContaining({ username: expect.anything() })]);
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

test("a test asks the forge whose a credential is and what it may do, with a reason of its own for each failure", async () => {
  const { github, agent, credentials } = await start();
  const token = `ghp_${hex()}`;
  github.people.set(token, { login: "ada", headers: { "x-oauth-scopes": "repo, workflow" } });
  await credentials.set({ name: "work", type: "pat", value: token });
  await credentials.set({ name: "lab", type: "pat", value: hex(), host: "git.lab.test" });
  await credentials.set({ name: "OPENAI_API_KEY", type: "env", value: hex() });
  await credentials.set({ name: "github-app", type: "github_app", value: KEY, appId: "7" });
  const asked = github.requests.length;
  expect(await credentials.test({ name: "work" })).toEqual({
    name: "work",
    checked: true,
    message: "github.com takes it: it is ada's.",
    login: "ada",
    scopes: ["repo", "workflow"],
  });
  expect(github.requests.slice(asked)).toEqual(["GET /user"]);
  expect(await credentials.test({ name: "github-app" })).toMatchObject({
    checked: true,
    login: "helper[bot]",
    installations: [{ account: "org", repositories: "selected", permissions: { contents: "write" }, suspended: false }],
  });
  expect(await credentials.test({ name: "lab" })).toMatchObject({
    checked: false,
    message: expect.stringContaining("git.lab.test"),
  });
  expect(await credentials.test({ name: "OPENAI_API_KEY" })).toMatchObject({ checked: false });
  github.people.delete(token);
  const refusals = [await safe(credentials.test({ name: "work" })), await safe(credentials.test({ name: "none" }))];
  github.faults = [{ request: "GET /user", status: 0 }];
  refusals.push(await safe(credentials.test({ name: "work" })));
  expect(refusals.map(({ error }) => (error as unknown as { data: { code: string } }).data.code)).toEqual([
    "credential_rejected",
    "credential_not_found",
    "forge_unreachable",
  ]);
  expect(JSON.stringify(refusals)).not.toContain(token);
  expect(written(agent)).not.toContain(token);
});

test("a login that lasts is found again by its code, and cancelled only when that is asked for", async () => {
  const { github, credentials } = await start({ env: { WS_GITHUB_CLIENT_ID: "client" } });
  github.device.interval = 60;
  const gone = new AbortController();
  for await (const step of await credentials.login({ lasting: true }, { signal: gone.signal })) {
    expect(step).toMatchObject({ type: "code", userCode: "ABCD-1234" });
    break;
  }
  gone.abort();
  for await (const step of await credentials.login({ lasting: true })) {
    expect(step).toMatchObject({ type: "code" });
    break;
  }
  const codes = () => github.requests.filter((asked) => asked === "POST /login/device/code").length;
  expect(codes()).toBe(1);
  expect([await credentials.cancelLogin(), await credentials.cancelLogin()]).toEqual([
    { cancelled: true },
    { cancelled: false },
  ]);
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
