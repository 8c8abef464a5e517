import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { type Log, repositoryAt } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { createGitHubApp, type GitHubApp } from "./github-app.ts";
import { QUIET_LOG, SYSTEM_CLOCK } from "./surroundings.ts";
import { startFakeGitHub, type FakeGitHub } from "./testing/index.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PKCS1 = privateKey.export({ type: "pkcs1", format: "pem" });
const PKCS8 = privateKey.export({ type: "pkcs8", format: "pem" });
const repository = repositoryAt("github.com/org/repo");
const request = { repository, access: "write" } as const;
const ALL = { contents: "write", metadata: "read", pull_requests: "write", workflows: "write", checks: "read" };

test("the token is for the one repository and for what was asked, whichever form the key has", async () => {
  for (const key of [PKCS1, PKCS8, PKCS1.replaceAll("\n", "\\n"), `"${PKCS8.replaceAll("\n", "\\n")}"`]) {
    await using fake = await start();
    const { token, username, expiresAt } = await appAt(fake, { privateKey: key }).mint(request);
    expect(username).toBe("x-access-token");
    expect(fake.tokens.get(token.reveal())).toEqual({
      installation: 1,
      repositories: ["repo"],
      permissions: { contents: "write", metadata: "read" },
    });
    expect(Math.abs(expiresAt - Date.now() - 3_600_000)).toBeLessThan(60_000);
  }
});

test("workflows are asked for only where the grant has them, and reading asks for no writing", async () => {
  await using fake = await start();
  const app = appAt(fake);
  const permissionsOf = async (asked: Parameters<GitHubApp["mint"]>[0]) =>
    fake.tokens.get((await app.mint(asked)).token.reveal())?.permissions;
  expect(await permissionsOf({ ...request, workflows: true })).toMatchObject({ workflows: "write" });
  const read = { contents: "read", metadata: "read" };
  expect(await permissionsOf({ ...request, access: "read", workflows: true })).toEqual(read);
});

test("only a token for the API may do something with pull requests and checks", async () => {
  await using fake = await start();
  const app = appAt(fake);
  const permissionsOf = async (asked: Parameters<GitHubApp["mint"]>[0]) =>
    fake.tokens.get((await app.mint(asked)).token.reveal())?.permissions;
  expect(await permissionsOf({ ...request, purpose: "git" })).toEqual({ contents: "write", metadata: "read" });
  const beside = { metadata: "read", checks: "read" };
  expect(await permissionsOf({ ...request, purpose: "api" })).toEqual({
    ...beside,
    contents: "write",
    pull_requests: "write",
  });
  expect(await permissionsOf({ ...request, access: "read", purpose: "api" })).toEqual({
    ...beside,
    contents: "read",
    pull_requests: "read",
  });
});

test("where the forge does not say which installation it is, all pages of all of them are looked through", async () => {
  await using fake = await start();
  fake.answersDirectly = false;
  const others = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: from + index,
      permissions: ALL,
      repositories: [`other${index}/repo`],
      suspended: index % 50 !== 0,
    }));
  const repositories = [...Array.from({ length: 230 }, (_, index) => `Org/r${index}`), "Org/Repo"];
  fake.installations = [...others(100, 130), { id: 1, permissions: ALL, repositories }];
  const app = appAt(fake, { host: "forge.test" });
  const there = { ...request, repository: repositoryAt("forge.test/org/repo") };
  const { token } = await app.mint(there);
  expect(fake.tokens.get(token.reveal())).toMatchObject({ installation: 1, repositories: ["Repo"] });
  // Those with which it looked are gone again.
  expect(fake.tokens.size).toBe(1);
  const before = fake.requests.length;
  await app.mint(there);
  expect(fake.requests.slice(before)).toEqual(["POST /app/installations/1/access_tokens"]);
});

test("a forge that says which installation a repository is of is never searched for one that has none", async () => {
  for (const [host, known] of [
    ["github.com", "github.com/org/other"],
    ["eu.ghe.com", "eu.ghe.com/org/other"],
    ["forge.test", "forge.test/org/repo"],
  ] as const) {
    await using fake = await start();
    const app = appAt(fake, { host });
    await app.check({ ...request, repository: repositoryAt(known) }).catch(() => undefined);
    fake.requests.length = 0;
    const absent = { ...request, repository: repositoryAt(`${host}/org/absent`) };
    await expect(app.check(absent)).rejects.toMatchObject({ code: "credential_missing" });
    expect(fake.requests).toEqual(["GET /repos/org/absent/installation"]);
  }
});

test("an app that is not installed on the repository says so", async () => {
  await using fake = await start();
  await expect(
    appAt(fake).check({ ...request, repository: repositoryAt("github.com/org/other") }),
  ).rejects.toMatchObject({
    code: "credential_missing",
    message: "The GitHub App is not installed on github.com/org/other, or that repository does not exist.",
    next: expect.stringContaining("can install it"),
  });
});

test("a wrong app id and a key of another app are told with the forge's own words", async () => {
  await using fake = await start();
  await expect(appAt(fake, { appId: 99 }).check(request)).rejects.toMatchObject({
    code: "credential_rejected",
    message: "github.com does not take the GitHub App 99 with this private key: Integration not found.",
  });
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const wrong = appAt(fake, { privateKey: other.export({ type: "pkcs1", format: "pem" }) });
  await expect(wrong.check(request)).rejects.toMatchObject({
    code: "credential_rejected",
    message: expect.stringContaining("A JSON web token could not be decoded"),
    next: expect.stringContaining("github.appId"),
  });
});

test("a suspended installation, and one that may not push, say so", async () => {
  await using fake = await start();
  const [installation] = fake.installations;
  if (installation === undefined) throw new Error("no installation");
  installation.suspended = true;
  const app = appAt(fake);
  await expect(app.check(request)).rejects.toMatchObject({
    code: "credential_rejected",
    message: expect.stringContaining("suspended"),
  });
  installation.suspended = false;
  installation.permissions = { contents: "read", metadata: "read" };
  await expect(app.check(request)).rejects.toMatchObject({
    code: "credential_rejected",
    message: "The GitHub App may not push to github.com/org/repo.",
    next: expect.stringContaining("Contents: read and write"),
  });
  await app.check({ repository, access: "read" });
});

test("a clock that is off by minutes, either way, is told once and worked around, and expiry is by this machine's clock", async () => {
  for (const minutes of [15, -15]) {
    await using fake = await start();
    fake.clockOffsetMs = minutes * 60_000;
    const said: string[] = [];
    const app = appAt(fake, { log: { ...QUIET_LOG, warn: (message) => said.push(message) } });
    const { expiresAt } = await app.mint(request);
    expect(Math.abs(expiresAt - Date.now() - 3_600_000)).toBeLessThan(60_000);
    await app.mint(request);
    const how = minutes > 0 ? "behind" : "ahead of";
    expect(said).toEqual([
      `This machine's clock is 15 minutes ${how} that of github.com; its time is used for signatures`,
    ]);
  }
});

test("a clock that is off where the forge does not tell its time is a sentence of its own", async () => {
  await using fake = await start();
  fake.clockOffsetMs = 15 * 60_000;
  fake.sendsDate = false;
  await expect(appAt(fake).mint(request)).rejects.toMatchObject({
    code: "credential_rejected",
    message: expect.stringMatching(/^This machine's clock is wrong, so github\.com refuses .*'exp'/),
    next: expect.stringContaining("timedatectl"),
  });
});

test("a revoked token is gone at the forge, and revoking it again is success", async () => {
  await using fake = await start();
  const app = appAt(fake);
  const { token } = await app.mint(request);
  await app.revoke(token);
  expect(fake.tokens.has(token.reveal())).toBe(false);
  await app.revoke(token);
  fake.faults = [{ request: "DELETE /installation/token", status: 0 }];
  await expect(app.revoke(token)).rejects.toMatchObject({ code: "forge_unreachable" });
});

test("limits, outages and changed installations have their own codes, and none of them holds a secret", async () => {
  await using fake = await start();
  const app = appAt(fake);
  const reset = String(Math.floor(Date.now() / 1_000) + 90);
  const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
  fake.faults = [
    { request: "POST /app/installations", status: 403, body: { message: "API rate limit exceeded" }, headers },
  ];
  const limited: unknown = await app.mint(request).catch((error: unknown) => error);
  expect(limited).toMatchObject({ code: "forge_rate_limited", data: { retryAt: Number(reset) * 1_000 } });
  fake.faults = [{ request: "POST /app/installations", status: 502 }];
  await expect(app.mint(request)).rejects.toMatchObject({ code: "forge_refused", data: { status: 502 } });
  const unprocessable = {
    request: "POST /app/installations",
    status: 422,
    body: { message: "permissions are not granted" },
  };
  fake.faults = [unprocessable, { ...unprocessable }];
  const refused: unknown = await app.mint(request).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "credential_rejected", message: expect.stringContaining("are not granted") });
  for (const error of [limited, refused]) expect(inspect(error, { depth: 9 })).not.toMatch(/bearer|eyJ|PRIVATE KEY/);
  await app.mint(request);
});

test("an app that was installed anew, or is allowed less by now, is looked at again before anything fails", async () => {
  await using fake = await start();
  const app = appAt(fake);
  await app.mint(request);
  fake.installations = [{ id: 2, permissions: ALL, repositories: ["org/repo"] }];
  const { token } = await app.mint(request);
  expect(fake.tokens.get(token.reveal())).toMatchObject({ installation: 2 });
  fake.installations = [{ id: 2, permissions: { contents: "write", metadata: "read" }, repositories: ["org/repo"] }];
  const { token: less } = await app.mint(request);
  expect(fake.tokens.get(less.reveal())?.permissions).toEqual({ contents: "write", metadata: "read" });
});

test("the app's bot is who its commits are of", async () => {
  await using fake = await start();
  expect(await appAt(fake).identity()).toEqual({
    name: "helper[bot]",
    email: "4242+helper[bot]@users.noreply.github.com",
  });
  fake.faults = [{ request: "GET /users/", status: 401 }];
  expect(await appAt(fake).identity()).toEqual({ name: "helper[bot]", email: "helper[bot]@users.noreply.github.com" });
});

test.each([
  ["an empty key", "", "is empty"],
  ["a key cut at its first line", ["-----BEGIN RSA", "PRIVATE KEY-----"].join(" "), "holds its first line only"],
  ["a key cut at its end", PKCS1.slice(0, 400), "is cut: its last line is missing"],
  ["a damaged key", PKCS1.replace(/\n[^\n]{20}/, "\n!!!!"), "is damaged"],
  ["a public key", publicKey.export({ type: "spki", format: "pem" }), "is a public key, not a private key"],
  ["an encrypted key", encrypted(), "is encrypted with a passphrase"],
  ["no key at all", "12345", "does not begin with"],
  ["a key of another kind", elliptic(), "is an ec key, where GitHub needs RSA"],
])("%s is refused in its own words", (_what, key, words) => {
  const make = (): GitHubApp => createGitHubApp({ ...surroundings(), appId: 1, privateKey: key });
  expect(make).toThrow(
    expect.objectContaining({ code: "credential_invalid", message: expect.stringContaining(words) }),
  );
});

test("an id that is no id is refused before the forge is asked", () => {
  expect(() => createGitHubApp({ ...surroundings(), appId: "my app", privateKey: PKCS1 })).toThrow(
    expect.objectContaining({ code: "credential_invalid" }),
  );
});

test("two apps with the same installation id at two forges never get each other's tokens", async () => {
  await using one = await start();
  await using other = await start();
  const apps = [appAt(one), appAt(other)];
  const made = await Promise.all(apps.map((app) => app.mint(request)));
  expect(one.tokens.has(made[0]?.token.reveal() ?? "")).toBe(true);
  expect(other.tokens.has(made[1]?.token.reveal() ?? "")).toBe(true);
});

async function start(): Promise<FakeGitHub> {
  const fake = await startFakeGitHub({ appId: "7", publicKey });
  fake.installations = [{ id: 1, permissions: ALL, repositories: ["org/more", "org/repo"] }];
  return fake;
}

function appAt(
  fake: FakeGitHub,
  changes: { appId?: number; privateKey?: string; log?: Log; host?: string } = {},
): GitHubApp {
  return createGitHubApp({ ...surroundings(), appId: 7, privateKey: PKCS1, apiUrl: fake.apiUrl, ...changes });
}

function surroundings() {
  return { clock: SYSTEM_CLOCK, log: QUIET_LOG, fetch: globalThis.fetch };
}

function encrypted(): string {
  return privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" });
}

function elliptic(): string {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });
}
