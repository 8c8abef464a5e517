import { execFile } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trust } from "../../broker/forge/upstream.ts";
import { createHttpsFetch } from "../../forges/github/https-fetch.ts";
import { installed, signedToken } from "./forge-subject.ts";
import { type GitHubServer, startGitHubServer } from "./server.ts";

let server: GitHubServer;
beforeAll(async () => {
  server = await startGitHubServer();
});
afterAll(() => server[Symbol.asyncDispose]());

async function call(at: GitHubServer, method: string, path: string, token?: string, body?: object) {
  const fetch = createHttpsFetch({ secureContext: () => trust([at.ca]), idleMs: 30_000 });
  const url = path.startsWith("/login/") ? at.url + path : at.apiUrl + path;
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text === "" ? {} : JSON.parse(text)) as never };
}

test("says at its end what was not as GitHub describes it", async () => {
  const strict = await startGitHubServer();
  await strict.repository("octo-org/a", { git: false });
  await call(strict, "GET", "/repos/octo-org/a/pulls?state=sideways&heads=x");
  await expect(strict[Symbol.asyncDispose]()).rejects.toThrow(
    /query state must be equal to one of the allowed values\n.*query heads is not described/,
  );
});

test("holds its answers against the description too", async () => {
  const strict = await startGitHubServer();
  const repository = await strict.repository("octo-org/a", { git: false });
  await repository.branch("work");
  repository.openFromFork("work");
  Object.assign(repository.pulls[0] ?? {}, { number: "one" });
  await call(strict, "GET", "/repos/octo-org/a/pulls");
  await expect(strict[Symbol.asyncDispose]()).rejects.toThrow(/answer\/0\/number must be integer/);
});

describe("an app", () => {
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const other = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const now = Math.floor(Date.now() / 1_000);
  const key = (): KeyObject => keys.privateKey as unknown as KeyObject;

  test.each([
    ["a good one", {}, undefined, 200],
    ["another's key", {}, other.privateKey, 401],
    ["one that is over", { exp: now - 10 }, undefined, 401],
    ["one that lasts too long", { exp: now + 900 }, undefined, 401],
    ["one of a clock that is ahead", { iat: now + 600 }, undefined, 401],
    ["another app's number", { iss: 1 }, undefined, 404],
  ])("signs in with %s", async (_, claims, signer, status) => {
    const app = server.app({ publicKey: keys.publicKey });
    const jwt = signedToken(signer ?? key(), { iss: app.id, iat: now - 30, exp: now + 300, ...claims });
    expect((await call(server, "GET", "/app", jwt)).status).toBe(status);
  });

  test("gets tokens for chosen repositories and permissions only, which end when they are given back", async () => {
    const app = server.app({ publicKey: keys.publicKey, permissions: { contents: "write", metadata: "read" } });
    const chosen = await server.repository("app-org/chosen", { git: false, private: true });
    await server.repository("app-org/other", { git: false, private: true });
    const id = server.install(app.id, "app-org");
    const jwt = signedToken(key(), { iss: app.clientId, iat: now - 30, exp: now + 300 });
    const tokens = `/app/installations/${id}/access_tokens`;
    const refused = await call(server, "POST", tokens, jwt, { permissions: { contents: "write", actions: "write" } });
    expect(refused.status).toBe(422);
    const asked = { repository_ids: [chosen.id], permissions: { contents: "read" } };
    const { token, expires_at } = (await call(server, "POST", tokens, jwt, asked)).body as Record<string, string>;
    expect(Date.parse(expires_at ?? "") - Date.now()).toBeGreaterThan(3_500_000);
    expect((await call(server, "GET", "/repos/app-org/chosen", token)).status).toBe(200);
    expect((await call(server, "GET", "/repos/app-org/other", token)).status).toBe(404);
    expect((await call(server, "DELETE", "/installation/token", token)).status).toBe(204);
    expect((await call(server, "GET", "/repos/app-org/chosen", token)).status).toBe(401);
  });
});

test("signs a person in by a code, as devices do", async () => {
  const { clientId } = server.app({
    publicKey: generateKeyPairSync("rsa", { modulusLength: 2_048 }).publicKey.export({ type: "spki", format: "pem" }),
  });
  const begun = (await call(server, "POST", "/login/device/code", undefined, { client_id: clientId })).body as Record<
    string,
    string
  >;
  const asking = {
    client_id: clientId,
    device_code: begun["device_code"],
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
  };
  const ask = () => call(server, "POST", "/login/oauth/access_token", undefined, asking);
  expect((await ask()).body).toMatchObject({ error: "authorization_pending" });
  server.decide(begun["user_code"] ?? "", { login: "octo-person" });
  const { access_token } = (await ask()).body as Record<string, string>;
  expect((await call(server, "GET", "/user", access_token)).body).toMatchObject({ login: "octo-person" });
  expect((await ask()).body).toMatchObject({ error: "incorrect_device_code" });
});

test("lets git in with the same tokens as the API, while they are good", async () => {
  const repository = await server.repository("octo-org/private", { private: true });
  const { token } = await installed(server, "octo-org");
  const directory = await mkdtemp(join(tmpdir(), "ws-github-"));
  const remote = repository.url.replace("https://", `https://x-access-token:${token}@`);
  const env = {
    PATH: process.env["PATH"],
    GIT_SSL_CAINFO: server.git.caFile,
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
  const git = (...argv: string[]) => promisify(execFile)("git", argv, { cwd: directory, env });
  try {
    await git("clone", "--quiet", `${remote}.git`, "here");
    await git("-C", "here", "push", "--quiet", "origin", "HEAD:refs/heads/pushed");
    const pushed = await call(server, "GET", "/repos/octo-org/private/git/ref/heads/pushed", token);
    expect(pushed.status).toBe(200);
    server.revoke(token);
    await expect(git("-C", "here", "fetch")).rejects.toThrow(/Authentication failed/);
  } finally {
    await rm(directory, { recursive: true });
  }
});
