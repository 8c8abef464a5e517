import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { GrantRequest } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { createMemoryGrantStore } from "./memory-grant-store.ts";
import { Secret } from "./secret.ts";
import { createCredentialSource, type WorkerCredentials } from "./source.ts";
import { QUIET_LOG, SYSTEM_CLOCK } from "./surroundings.ts";
import { createMemoryTokenStore, type StoredCredential } from "./token-store.ts";

const URL = "git@forge.test:org/repo.git";
const asked: GrantRequest = { workspace: "ws-1", url: URL, access: "write", branches: ["b"], credentials: "all" };
const KEY = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" });

test("an ssh URL is served by a key of its host, before any token, and a key serves no other URL", async () => {
  const { source, learnt } = setUp(key("deploy"), token("work"));
  const grant = await source.grant(asked);
  expect(grant).toMatchObject({ credential: { id: "deploy", type: "ssh_key" }, apiCredential: { id: "work" } });
  expect(await given(source)).toMatchObject({ id: "deploy", privateKey: KEY, hostKeys: [] });
  expect(await given(source, "api")).toMatchObject({ id: "work", username: "x-access-token" });
  const other = { ...asked, workspace: "ws-2" as const, url: "https://forge.test/org/repo" } satisfies GrantRequest;
  expect(await source.grant(other)).toMatchObject({ credential: { id: "work" } });
  expect(await source.secretFor(URL, { access: "read" })).toMatchObject({ id: "work" });
  expect(learnt).toEqual([]);
});

test("a token serves an ssh URL where there is no key, and not one of another port", async () => {
  const { source } = setUp(token("work"));
  expect(await source.grant(asked)).toMatchObject({ credential: { id: "work", type: "pat" } });
  expect(await source.grant({ ...asked, url: "ssh://git@forge.test:2222/org/repo" })).toBeUndefined();
  const { source: keyed } = setUp(key("deploy"));
  expect(await keyed.grant({ ...asked, url: "ssh://git@forge.test:2222/org/repo" })).toBeDefined();
});

test("which of several keys it is, a selection says; the oldest where it says nothing", async () => {
  const { source } = setUp(key("first"), key("second", 2));
  expect((await source.grant(asked))?.credential.id).toBe("first");
  expect((await source.grant({ ...asked, credentials: ["second"] }))?.credential.id).toBe("second");
  expect(await source.grant({ ...asked, workspace: "ws-2", credentials: "none" })).toBeUndefined();
});

test("where there is only a key, a pull request says that it needs a token", async () => {
  const { source } = setUp(key("deploy"));
  await source.grant(asked);
  await expect(given(source, "api")).rejects.toMatchObject({
    code: "credential_missing",
    message: expect.stringContaining("a pull request needs a token of forge.test"),
    next: expect.stringContaining("ws credential set NAME --host forge.test"),
  });
  expect(await source.secretFor(URL, { access: "read" })).toBeUndefined();
});

test("a right by https that is given again by ssh uses the key from then on", async () => {
  const { source } = setUp(key("deploy"), token("work"));
  await source.grant({ ...asked, url: "https://forge.test/org/repo" });
  expect(await source.grant(asked)).toMatchObject({ url: URL, credential: { id: "deploy" } });
  const back = await source.grant({ ...asked, url: "https://forge.test/org/repo" });
  expect(back).toMatchObject({ url: "https://forge.test/org/repo", credential: { id: "work" } });
  expect(back?.apiCredential).toBeUndefined();
});

function setUp(...credentials: StoredCredential[]): { source: WorkerCredentials; learnt: string[] } {
  const tokens = createMemoryTokenStore();
  for (const credential of credentials) tokens.set(credential);
  const learnt: string[] = [];
  const source = createCredentialSource({
    grants: createMemoryGrantStore(),
    tokens,
    providers: () => [],
    clock: SYSTEM_CLOCK,
    log: QUIET_LOG,
    fetch: () => Promise.reject(new Error("nobody is asked")),
    newId: () => `grant-${randomBytes(4).toString("hex")}`,
    learn: (secret) => void learnt.push(secret),
  });
  return { source, learnt };
}

function given(source: WorkerCredentials, purpose: "git" | "api" = "git") {
  const grant = source.find("ws-1", URL);
  if (grant === undefined) throw new Error("no grant");
  return source.secret(grant, { purpose });
}

function key(name: string, createdAt = 1): StoredCredential {
  return { name, type: "ssh_key", host: "forge.test", createdAt, privateKey: new Secret(KEY), fingerprint: "" };
}

function token(name: string): StoredCredential {
  const secret = new Secret(randomBytes(20).toString("hex"));
  return { name, type: "pat", host: "forge.test", createdAt: 1, token: secret };
}
