import { generateKeyPairSync, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { checkGitHubToken } from "./check-token.ts";
import { Secret } from "./secret.ts";
import { SYSTEM_CLOCK } from "./surroundings.ts";
import { startFakeGitHub, type FakeGitHub } from "./testing/index.ts";

const token = new Secret(randomBytes(20).toString("hex"));

test("a token that the forge takes is told with its owner, its scopes and its end", async () => {
  await using fake = await start();
  const headers = {
    "x-oauth-scopes": "repo, workflow",
    "github-authentication-token-expiration": "2099-03-01 10:00:00 UTC",
  };
  fake.people.set(token.reveal(), { login: "ada", headers });
  expect(await check(fake)).toEqual({
    login: "ada",
    scopes: ["repo", "workflow"],
    expiresAt: Date.UTC(2099, 2, 1, 10),
  });
  fake.people.set(token.reveal(), { login: "ada" });
  expect(await check(fake)).toEqual({ login: "ada" });
});

test("an installation's own token is good, and nobody's", async () => {
  await using fake = await start();
  fake.tokens.set(token.reveal(), { installation: 1, repositories: [], permissions: {} });
  expect(await check(fake)).toEqual({});
});

test("a token that the forge rejects says so, with the forge's words and without the token", async () => {
  await using fake = await start();
  const error: unknown = await check(fake).catch((problem: unknown) => problem);
  expect(error).toMatchObject({
    code: "credential_rejected",
    message: "Authentication failed: github.com does not take this token: Bad credentials.",
  });
  expect(JSON.stringify(error)).not.toContain(token.reveal());
});

test("a forge that cannot be reached is another thing", async () => {
  await using fake = await start();
  fake.faults = [{ request: "GET /user", status: 0 }];
  await expect(check(fake)).rejects.toMatchObject({ code: "forge_unreachable", data: { host: "github.com" } });
});

function start(): Promise<FakeGitHub> {
  return startFakeGitHub({ appId: "7", publicKey: generateKeyPairSync("ed25519").publicKey });
}

function check({ apiUrl }: FakeGitHub) {
  return checkGitHubToken(token, { host: "github.com", apiUrl, clock: SYSTEM_CLOCK, fetch: globalThis.fetch });
}
