import { generateKeyPairSync, randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { withCredential } from "./example.ts";
import { CredentialService, Secret, type CredentialServiceOptions, type GitCredentialRequest } from "./index.ts";
import { QUIET_LOG } from "./surroundings.ts";
import { startFakeGitHub, type FakeGitHub } from "./testing/index.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY = privateKey.export({ type: "pkcs1", format: "pem" });
const canary = randomBytes(24).toString("hex");
const asked: GitCredentialRequest = {
  repo: "github.com/org/repo",
  access: "write",
  context: { executionId: "exec-1", taskId: "task-1" },
};

test("the README's example gets a token for its repository, shows none, and leaves none behind", async () => {
  await using fake = await start();
  let during: unknown;
  const shown = await withCredential(
    { appId: "7", privateKey: KEY, apiUrl: fake.apiUrl },
    async ({ username, token }) => {
      during = { username, ...fake.tokens.get(token) };
    },
  );
  expect(during).toMatchObject({ username: "x-access-token", repositories: ["repo"] });
  expect(Object.keys(JSON.parse(shown) as object)).toEqual([
    "id",
    "type",
    "provider",
    "host",
    "repo",
    "access",
    "username",
    "expiresAt",
  ]);
  expect(fake.tokens.size).toBe(0);
});

test("what a user provides comes first, then a token that is known, then the app", async () => {
  await using fake = await start();
  await using service = serviceAt(fake);
  const mine = await service.getCredentials({
    ...asked,
    userProvided: { type: "pat", token: canary, provider: "github" },
  });
  expect(mine).toMatchObject({
    type: "pat",
    token: canary,
    username: "x-access-token",
    provider: "github",
    host: "github.com",
  });
  const known = new Secret(randomBytes(20).toString("hex"));
  service.getTokenStore().set({ type: "oauth", name: "github.com", host: "github.com", token: known, createdAt: 1 });
  expect(await service.getCredentials(asked)).toMatchObject({ type: "oauth", token: known.reveal() });
  service.getTokenStore().remove("github.com");
  const made = await service.getCredentials(asked);
  expect(made.type).toBe("github_app");
  expect(fake.tokens.has(made.token)).toBe(true);
});

test("without any credential the error says what to do, and null is the answer where that is no error", async () => {
  await using service = new CredentialService();
  await expect(service.getCredentials(asked)).rejects.toMatchObject({
    code: "credential_missing",
    message: "There is no credential for github.com, which https://github.com/org/repo needs.",
    next: expect.stringContaining("GitHub App"),
  });
  expect(await service.getCredentials({ ...asked, optional: true })).toBeNull();
  await using fake = await start();
  await using elsewhere = serviceAt(fake);
  await expect(elsewhere.getCredentials({ ...asked, repo: "github.com/org/other" })).rejects.toMatchObject({
    code: "credential_missing",
    message: expect.stringContaining("not installed on github.com/org/other"),
  });
});

test("a credential never shows its token by being logged, and lasts no longer than was asked", async () => {
  await using service = new CredentialService();
  const credential = await service.getCredentials({
    ...asked,
    ttlSeconds: 300,
    userProvided: { type: "pat", token: canary },
  });
  expect(credential.token).toBe(canary);
  for (const text of [
    inspect(credential, { showHidden: true, depth: 9 }),
    JSON.stringify(credential),
    inspect({ credential }),
  ]) {
    expect(text).not.toContain(canary);
  }
  expect(credential.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 300_000);
  await expect(service.getCredentials({ ...asked, ttlSeconds: 86_400 })).rejects.toMatchObject({
    data: { field: "ttlSeconds" },
  });
});

test("credentials are found by execution, are valid until they end, and end at the forge", async () => {
  await using fake = await start();
  await using service = serviceAt(fake);
  const [one, two] = [await service.getCredentials(asked), await service.getCredentials(asked)];
  const other = await service.getCredentials({ ...asked, context: { executionId: "exec-2" } });
  expect((await service.getGrantsForExecution("exec-1")).map(({ id }) => id)).toEqual([one.id, two.id]);
  expect(await service.getGrant(one.id)).toMatchObject({ execution: "exec-1", access: "write" });
  await service.revokeCredential(one.id);
  await service.revokeCredential(one.id);
  expect(await service.isValid(one.id)).toBe(false);
  expect(await service.isValid(two.id)).toBe(true);
  expect(fake.tokens.size).toBe(2);
  expect(await service.revokeForExecution("exec-1")).toBe(1);
  expect([...fake.tokens.keys()]).toEqual([other.token]);
  expect(await service.isValid("grant-none")).toBe(false);
  expect(await service.getGrant("grant-none")).toBeNull();
  await expect(service.revokeCredential("grant-none")).rejects.toMatchObject({ code: "credential_not_found" });
});

test("an SSH key is checked and stays where it lies", async () => {
  await using service = new CredentialService();
  const credential = await service.getCredentials({
    ...asked,
    repo: "git@github.com:org/repo.git",
    userProvided: { type: "ssh" },
  });
  expect(credential).toMatchObject({ type: "ssh_key", username: "git", token: "" });
  const cut = ["-----BEGIN OPENSSH", "PRIVATE KEY-----"].join(" ");
  await expect(
    service.getCredentials({ ...asked, userProvided: { type: "ssh", privateKey: cut } }),
  ).rejects.toMatchObject({ code: "credential_invalid" });
});

test("where nothing else is there a person is asked to log in, once", async () => {
  await using fake = await start();
  fake.device.answers = [{ access_token: canary }];
  const clock = createManualClock();
  const codes: string[] = [];
  await using service = new CredentialService({
    clock,
    oauth: { clientId: "client", apiUrl: fake.apiUrl, onVerification: ({ userCode }) => codes.push(userCode) },
  });
  const coming = service.getCredentials(asked);
  await expect.poll(() => codes).toEqual(["ABCD-1234"]);
  await clock.idle();
  clock.advance(5_000);
  expect(await coming).toMatchObject({ type: "oauth", token: canary });
  expect(await service.getCredentials(asked)).toMatchObject({ type: "oauth", token: canary });
  expect(codes).toHaveLength(1);
});

test("providers are known by their names", async () => {
  await using fake = await start();
  await using service = serviceAt(fake);
  const provider = service.getProvider("github");
  expect(provider).toMatchObject({ id: "github-app", type: "github_app" });
  await using other = new CredentialService();
  expect(other.getProvider("github")).toBeUndefined();
  if (provider !== undefined) other.registerProvider(provider);
  expect(other.getProvider("github")).toBe(provider);
});

test("a service that goes away ends the tokens that it made, and waits only so long for their forge", async () => {
  await using fake = await start();
  {
    await using service = serviceAt(fake);
    await service.getCredentials(asked);
    expect(fake.tokens.size).toBe(1);
  }
  expect(fake.tokens.size).toBe(0);

  const clock = createManualClock();
  const said: string[] = [];
  const service = new CredentialService({
    clock,
    logger: { ...QUIET_LOG, warn: (message) => said.push(message) },
    providers: [
      {
        id: "app",
        name: "forge",
        type: "github_app",
        serves: () => true,
        check: async () => {},
        mint: async () => ({ token: new Secret(canary), username: "x", expiresAt: clock.now() + 3_600_000 }),
        revoke: () => new Promise(() => {}),
      },
    ],
  });
  await service.getCredentials(asked);
  const gone = service[Symbol.asyncDispose]();
  await clock.idle();
  clock.advance(2_000);
  await gone;
  expect(said).toContainEqual(expect.stringContaining("did not answer in time"));
});

async function start(): Promise<FakeGitHub> {
  const fake = await startFakeGitHub({ appId: "7", publicKey });
  fake.installations = [
    { id: 1, permissions: { contents: "write", metadata: "read", pull_requests: "write" }, repositories: ["org/repo"] },
  ];
  return fake;
}

function serviceAt(fake: FakeGitHub, options: CredentialServiceOptions = {}): CredentialService {
  return new CredentialService({ githubApp: { appId: 7, privateKey: KEY, apiUrl: fake.apiUrl }, ...options });
}
