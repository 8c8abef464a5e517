import { generateKeyPairSync, randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { WsError, type GrantRequest, type Log } from "@ws/workspace-core";
import { createManualClock, grantStoreSuite, type ManualClock } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createMemoryGrantStore } from "./memory-grant-store.ts";
import type { CredentialProvider, MintedToken } from "./provider.ts";
import { Secret } from "./secret.ts";
import { createCredentialSource, type CredentialSourceOptions } from "./source.ts";
import { QUIET_LOG, SYSTEM_CLOCK } from "./surroundings.ts";
import { startFakeGitHub } from "./testing/index.ts";
import { createMemoryTokenStore, type StoredToken } from "./token-store.ts";

grantStoreSuite("the one in memory", async () => ({
  grants: createMemoryGrantStore(),
  [Symbol.asyncDispose]: async () => {},
}));

const HOUR = 3_600_000;
const asked: GrantRequest = {
  workspace: "ws-a",
  url: "https://forge.test/org/repo.git",
  access: "write",
  branches: ["parallax/ws-a/person/demo"],
  credentials: "all",
};

describe("grants", () => {
  test("a grant is written down before it is used, says where its secret comes from, and holds none", async () => {
    const { source, grants, tokens, secretOf } = setUp();
    tokens.set(token("work"));
    const grant = await source.grant({ ...asked, execution: "exec-1" });
    expect(grants.list()).toEqual([grant]);
    expect(grant).toMatchObject({
      id: expect.stringMatching(/^grant-/),
      branches: asked.branches,
      force: false,
      tags: false,
      workflows: false,
      credential: { id: "work", type: "pat", provider: "forge.test", host: "forge.test" },
    });
    expect(JSON.stringify(grant)).not.toContain(secretOf("work"));
    expect((grant?.expiresAt ?? 0) - (grant?.createdAt ?? 0)).toBe(HOUR);
  });

  test("a workspace without a grant finds nothing, and one that may use no credential gets none (secrets in every workspace)", async () => {
    const { source, grants, tokens } = setUp();
    tokens.set(token("work"));
    expect(await source.grant({ ...asked, credentials: "none" })).toBeUndefined();
    expect(await source.grant({ ...asked, credentials: ["other"] })).toBeUndefined();
    expect(await source.grant({ ...asked, url: "https://elsewhere.test/org/repo" })).toBeUndefined();
    expect(await source.grant({ ...asked, url: "ssh://git@forge.test:2222/org/repo" })).toBeUndefined();
    expect(grants.list()).toEqual([]);
    await source.grant(asked);
    expect(source.find("ws-b", asked.url)).toBeUndefined();
    expect(source.find("ws-a", "https://forge.test/org/repo-secrets")).toBeUndefined();
    expect(source.find("ws-a", "https://forge.test/org/repo")).toBeDefined();
  });

  test("a grant that is asked for again becomes wider and longer, and is no second one", async () => {
    const { source, clock, tokens } = setUp();
    tokens.set(token("work"));
    const first = await source.grant({ ...asked, access: "read" });
    clock.advance(600_000);
    const second = await source.grant({ ...asked, branches: ["fixed"], force: true });
    expect(second).toMatchObject({ id: first?.id, access: "write", force: true, tags: false });
    expect(second?.branches).toEqual([...asked.branches, "fixed"]);
    expect(second?.expiresAt).toBe((first?.expiresAt ?? 0) + 600_000);
    expect(source.list()).toEqual([second]);
  });

  test("a part of a grant is taken back at once, and one that has ended stays as it was", async () => {
    const { source, tokens } = setUp();
    tokens.set(token("work"));
    const grant = await source.grant({ ...asked, branches: ["kept", "gone"], force: true, tags: true });
    if (grant === undefined) throw new Error("no grant");
    source.narrow(grant.id, { force: false });
    source.narrow(grant.id, { without: ["gone", "never"] });
    expect(source.list()).toEqual([{ ...grant, force: false, branches: ["kept"] }]);
    await source.revoke(asked.workspace);
    const ended = source.list({ ended: true });
    source.narrow(grant.id, { without: ["kept"] });
    expect(source.list({ ended: true })).toEqual(ended);
  });

  test.each([28_801, 86_400, 0, -5, 1.5, Number.NaN])(
    "a life of %s seconds is refused by its name",
    async (ttlSeconds) => {
      const { source, tokens } = setUp();
      tokens.set(token("work"));
      await expect(source.grant({ ...asked, ttlSeconds })).rejects.toMatchObject({
        code: "invalid_input",
        message: expect.stringContaining("ttlSeconds"),
        data: { field: "ttlSeconds" },
      });
      expect((await source.grant({ ...asked, ttlSeconds: 28_800 }))?.expiresAt).toBeDefined();
    },
  );

  test("a grant ends when its time is over, one that renews goes on until it is revoked", async () => {
    const { source, clock, tokens } = setUp();
    tokens.set(token("work"));
    const brief = await source.grant({ ...asked, ttlSeconds: 300 });
    const lasting = await source.grant({ ...asked, workspace: "ws-b", renews: true });
    if (brief === undefined || lasting === undefined) throw new Error("no grants");
    clock.advance(5 * HOUR);
    expect(source.find("ws-a", asked.url)).toBeUndefined();
    await expect(source.secret(brief)).rejects.toMatchObject({ code: "credential_expired" });
    expect(source.find("ws-b", asked.url)?.expiresAt).toBe(clock.now() + HOUR);
    expect(await source.secret(lasting)).toMatchObject({ host: "forge.test" });
    expect(source.list().map(({ workspace }) => workspace)).toEqual(["ws-b"]);
    expect(source.list({ ended: true })).toHaveLength(2);
    expect(await source.revoke("ws-b")).toHaveLength(1);
    expect(await source.revoke("ws-b")).toEqual([]);
    expect(source.find("ws-b", asked.url)).toBeUndefined();
    await expect(source.secret(lasting)).rejects.toMatchObject({ code: "credential_expired" });
  });

  test("on a full disk a right is used and renewed all the same", async () => {
    const { source, grants, clock, tokens } = setUp();
    tokens.set(token("work"));
    const grant = await source.grant({ ...asked, renews: true });
    if (grant === undefined) throw new Error("no grant");
    grants.update = () => {
      throw new WsError("disk_full", { message: "Full.", data: {} });
    };
    clock.advance(2 * HOUR);
    expect(await source.secret(grant)).toMatchObject({ id: "work" });
  });

  test("on a full disk a right ends all the same, at the forge too, and that is written down once there is room", async () => {
    const app = provider();
    const { source, grants, tokens } = setUp({ providers: () => [app] });
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    const { password } = await source.secret(grant);
    const { update } = grants;
    grants.update = () => {
      throw new WsError("disk_full", { message: "Full.", data: {} });
    };
    expect(await source.revoke(asked.workspace)).toMatchObject([{ id: grant.id }]);
    expect(app.revoked).toEqual([password]);
    expect(source.find(asked.workspace, asked.url)).toBeUndefined();
    expect(source.list()).toEqual([]);
    await expect(source.secret(grant)).rejects.toMatchObject({ code: "credential_expired" });
    expect(await source.revoke(asked.workspace)).toEqual([]);
    grants.update = update;
    tokens.set(token("work"));
    await source.grant({ ...asked, workspace: "ws-b" });
    expect(grants.get(grant.id)?.revokedAt).toBeDefined();
  });

  test("a right that nobody waits for any more is not given", async () => {
    const gone = new AbortController();
    const check = async () => gone.abort();
    const { source } = setUp({ providers: () => [{ ...provider(), check }] });
    await expect(source.grant(asked, gone.signal)).rejects.toMatchObject({ code: "aborted" });
    expect(source.list({ ended: true })).toEqual([]);
  });

  test("where an app has nothing to do with a repository, whoever asks is told why there is no right", async () => {
    const reason = new WsError("credential_missing", { message: "Not installed.", data: { host: "forge.test" } });
    const { source } = setUp({ providers: () => [{ ...provider(), check: () => Promise.reject(reason) }] });
    const told: unknown[] = [];
    expect(await source.grant({ ...asked, without: (why) => told.push(why) })).toBeUndefined();
    expect(told).toEqual([reason]);
    await expect(source.demand(asked)).rejects.toBe(reason);
  });

  test("an app that may only read gives whoever can do with less a right to read, and tells why", async () => {
    const reason = new WsError("credential_rejected", { message: "May not push.", data: { credential: "app" } });
    const check: CredentialProvider["check"] = async ({ access }) => {
      if (access === "write") throw reason;
    };
    const said: string[] = [];
    const log: Log = { ...QUIET_LOG, warn: (message) => said.push(message) };
    const { source } = setUp({ log, providers: () => [{ ...provider(), check }] });
    const told: unknown[] = [];
    const grant = await source.grant({ ...asked, without: (why) => told.push(why) });
    expect(grant).toMatchObject({ access: "read", credential: { id: "app" } });
    expect([told, said]).toEqual([[reason], ["May not push."]]);
    await expect(source.grant(asked)).rejects.toBe(reason);
    await expect(source.demand({ ...asked, without: () => {} })).rejects.toBe(reason);
  });

  test.each([
    new WsError("forge_unreachable", { message: "Away.", data: { host: "forge.test" } }),
    new WsError("forge_rate_limited", { message: "Enough.", data: { host: "forge.test", retryAt: 1 } }),
    new WsError("forge_refused", { message: "Broken.", data: { host: "forge.test", status: 502 } }),
  ])("a forge that does not answer for its app ($code) keeps nobody from what is public", async (reason) => {
    const { source } = setUp({ providers: () => [{ ...provider(), check: () => Promise.reject(reason) }] });
    const told: unknown[] = [];
    expect(await source.grant({ ...asked, without: (why) => told.push(why) })).toBeUndefined();
    expect(told).toEqual([reason]);
    await expect(source.grant(asked)).rejects.toBe(reason);
    await expect(source.demand({ ...asked, without: () => {} })).rejects.toBe(reason);
  });

  test("two sources never meet", async () => {
    const [one, other] = [setUp(), setUp()];
    one.tokens.set(token("work"));
    await one.source.grant(asked);
    expect(other.source.list({ ended: true })).toEqual([]);
    expect(await other.source.grant(asked)).toBeUndefined();
  });
});

describe("secrets", () => {
  test("what a user brought comes before a token, a token before a login, a login before an app", async () => {
    const { source, tokens, secretOf } = setUp({ providers: () => [provider()] });
    const from = async (workspace: `ws-${string}`) => (await source.grant({ ...asked, workspace }))?.credential;
    expect(await from("ws-1")).toMatchObject({ id: "app", type: "github_app" });
    tokens.set(token("login", { type: "oauth" }));
    expect(await from("ws-2")).toMatchObject({ id: "login", type: "oauth" });
    tokens.set(token("work"));
    expect(await from("ws-3")).toMatchObject({ id: "work", type: "pat" });
    source.bring("ws-4", { type: "pat", token: new Secret(secretOf("brought")) });
    const grant = await source.grant({ ...asked, workspace: "ws-4" });
    if (grant === undefined) throw new Error("no grant");
    expect(grant.credential).toMatchObject({ id: "user", type: "pat" });
    expect(await source.secret(grant)).toMatchObject({ password: secretOf("brought"), username: "x-access-token" });
  });

  test("one that is always used is used also by a workspace that may use no other", async () => {
    const { source } = setUp({ providers: () => [{ ...provider(), always: true }] });
    expect(await source.grant({ ...asked, credentials: "none" })).toMatchObject({ credential: { id: "app" } });
    expect(await source.grant({ ...asked, credentials: ["work"] })).toMatchObject({ credential: { id: "app" } });
  });

  test("a token that the forge refused is never handed out again, until it is set or the right is given anew", async () => {
    const { source, tokens, secretOf } = setUp();
    tokens.set(token("work"));
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    const { password = "" } = await source.secret(grant);
    for (const refused of [password, undefined]) {
      await expect(source.secret(grant, refused === undefined ? {} : { refused })).rejects.toMatchObject({
        code: "credential_rejected",
        message: `Authentication failed: forge.test refused the token 'work' (it ends in ${password.slice(-4)}).`,
        next: "Give a new one: ws credential set work.",
      });
    }
    tokens.set(token("work", { token: new Secret(secretOf("renewed")) }));
    expect((await source.secret(grant)).password).toBe(secretOf("renewed"));
    tokens.set(token("work"));
    await source.grant(asked);
    expect((await source.secret(grant)).password).toBe(password);
  });

  test("a token that is past its day, or gone, or now another host's is told so and not sent", async () => {
    const { source, tokens, clock } = setUp();
    tokens.set(token("work", { expiresAt: clock.now() + 1_000 }));
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    clock.advance(2_000);
    await expect(source.secret(grant)).rejects.toMatchObject({ code: "credential_expired" });
    tokens.set(token("work", { host: "evil.test" }));
    await expect(source.secret(grant)).rejects.toMatchObject({ code: "credential_missing" });
    tokens.remove("work");
    await expect(source.secret(grant)).rejects.toMatchObject({
      code: "credential_missing",
      message: expect.stringContaining("'work' for forge.test"),
    });
  });

  test("what the program itself needs comes from the same place, and a refused token is not given again", async () => {
    const app = provider();
    const read = { access: "read" } as const;
    const { source, tokens, secretOf } = setUp({ providers: () => [app] });
    expect(await source.secretFor("https://elsewhere.test/org/repo", read)).toBeUndefined();
    const first = await source.secretFor(asked.url, read);
    expect(await source.secretFor(asked.url, read)).toEqual(first);
    const second = await source.secretFor(asked.url, { ...read, refused: first?.password ?? "" });
    expect(second?.password).not.toBe(first?.password);
    expect(app.asked).toMatchObject([read, read]);
    await source.secretFor(asked.url, { access: "write" });
    expect(app.asked.at(-1)).toMatchObject({ access: "write", purpose: "api" });
    tokens.set(token("work"));
    expect(await source.secretFor(asked.url, read)).toMatchObject({ id: "work", password: secretOf("work") });
    await expect(source.secretFor(asked.url, { ...read, refused: secretOf("work") })).rejects.toMatchObject({
      code: "credential_rejected",
    });
    expect(source.list({ ended: true })).toEqual([]);
  });

  test("every secret is told to whoever keeps it out of logs, before anybody is given it", async () => {
    const learned: string[] = [];
    const { source } = setUp({ providers: () => [provider()], learn: (secret) => learned.push(secret) });
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    expect(learned).toContain((await source.secret(grant)).password);
  });

  test("no secret comes out by inspecting, serialising or writing what holds it (secrets in logs, CVE-2025-66411)", async () => {
    const { tokens, secretOf } = setUp();
    tokens.set(token("work"));
    const stored = tokens.get("work");
    const said = [
      inspect(stored, { depth: 9, showHidden: true }),
      JSON.stringify(stored),
      String(stored?.type === "pat" && stored.token),
    ];
    for (const text of said) expect(text).not.toContain(secretOf("work"));
    expect(said[1]).toContain("[secret]");
  });
});

describe("tokens of an app", () => {
  test("hundred requests at once make one token, which is used until ten minutes before its end", async () => {
    const app = provider();
    const { source, clock } = setUp({ providers: () => [app] });
    const grant = await source.grant({ ...asked, renews: true });
    if (grant === undefined) throw new Error("no grant");
    const all = await Promise.all(Array.from({ length: 100 }, () => source.secret(grant)));
    expect(new Set(all.map(({ password }) => password)).size).toBe(1);
    clock.advance(49 * 60_000);
    expect((await source.secret(grant)).password).toBe(all[0]?.password);
    clock.advance(2 * 60_000);
    expect((await source.secret(grant)).password).not.toBe(all[0]?.password);
    expect(app.minted).toHaveLength(2);
  });

  test("git and the forge's API have a token each, and both end with the right", async () => {
    const app = provider();
    const { source } = setUp({ providers: () => [app] });
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    const given = await Promise.all(
      [undefined, "git", "api", "api"].map((purpose) =>
        source.secret(grant, purpose === undefined ? {} : { purpose: purpose as "git" | "api" }),
      ),
    );
    expect(new Set(given.map(({ password }) => password)).size).toBe(2);
    expect(new Set(app.asked.map(({ purpose }) => purpose))).toEqual(new Set(["api", "git"]));
    await source.revoke(asked.workspace);
    expect(app.revoked.sort()).toEqual([...app.minted].sort());
  });

  test("a refused token is replaced once, however many were refused it, and never comes back", async () => {
    const app = provider();
    const { source } = setUp({ providers: () => [app] });
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    const { password: refused = "" } = await source.secret(grant);
    const next = await Promise.all(Array.from({ length: 10 }, () => source.secret(grant, { refused })));
    expect(new Set(next.map(({ password }) => password)).size).toBe(1);
    expect(next[0]?.password).not.toBe(refused);
    app.failWith(new WsError("forge_unreachable", { message: "Away.", data: { host: "forge.test" } }));
    const second = next[0]?.password ?? "";
    await expect(source.secret(grant, { refused: second })).rejects.toMatchObject({ code: "forge_unreachable" });
  });

  test("while the forge is away, the present token is used on until it ends", async () => {
    const app = provider();
    const { source, clock } = setUp({ providers: () => [app] });
    const grant = await source.grant({ ...asked, renews: true });
    if (grant === undefined) throw new Error("no grant");
    const { password } = await source.secret(grant);
    app.failWith(new WsError("forge_unreachable", { message: "Away.", data: { host: "forge.test" } }));
    clock.advance(55 * 60_000);
    expect((await source.secret(grant)).password).toBe(password);
    clock.advance(5 * 60_000);
    await expect(source.secret(grant)).rejects.toMatchObject({ code: "forge_unreachable" });
  });

  test("one caller's abort ends only its own waiting; once nobody waits, the work is told to end", async () => {
    const held = Promise.withResolvers<void>();
    const app = provider({ before: () => held.promise });
    const { source } = setUp({ providers: () => [app] });
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    const impatient = new AbortController();
    const first = source.secret(grant, { signal: impatient.signal });
    const second = source.secret(grant);
    impatient.abort();
    await expect(first).rejects.toMatchObject({ code: "aborted" });
    expect(app.signals[0]?.aborted).toBe(false);
    held.resolve();
    await second;
    const alone = new AbortController();
    const third = source.secret((await source.grant({ ...asked, workspace: "ws-b" })) ?? grant, {
      signal: alone.signal,
    });
    alone.abort();
    await expect(third).rejects.toMatchObject({ code: "aborted" });
    expect(app.signals.at(-1)?.aborted).toBe(true);
  });

  test("revoking ends every token of the workspace at the forge, and no other workspace's", async () => {
    const app = provider();
    const { source, clock } = setUp({ providers: () => [app] });
    const mine = await source.grant({ ...asked, renews: true });
    const theirs = await source.grant({ ...asked, workspace: "ws-b", renews: true });
    if (mine === undefined || theirs === undefined) throw new Error("no grants");
    const old = await source.secret(mine);
    clock.advance(52 * 60_000);
    const present = await source.secret(mine);
    const other = await source.secret(theirs);
    await source.revoke("ws-a");
    expect(new Set(app.revoked)).toEqual(new Set([old.password, present.password]));
    expect((await source.secret(theirs)).password).toBe(other.password);
  });

  test("a token that is being made while its right ends is ended too and given to nobody", async () => {
    const held = Promise.withResolvers<void>();
    const app = provider({ before: () => held.promise });
    const { source } = setUp({ providers: () => [app] });
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    const coming = source.secret(grant);
    await source.revoke("ws-a");
    held.resolve();
    await expect(coming).rejects.toMatchObject({ code: "credential_expired" });
    expect(app.revoked).toEqual(app.minted);
  });

  test("a revocation that cannot be sent is said, remembered and sent once the forge is back", async () => {
    const app = provider();
    const warned: string[] = [];
    const { source, clock } = setUp({
      providers: () => [app],
      log: { ...QUIET_LOG, warn: (text) => warned.push(text) },
    });
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    const { password } = await source.secret(grant);
    app.failWith(new WsError("forge_unreachable", { message: "Away.", data: { host: "forge.test" } }));
    await source.revoke("ws-a");
    expect(source.find("ws-a", asked.url)).toBeUndefined();
    expect(source.unrevoked()).toBe(1);
    expect(warned[0]).toContain("could not be revoked");
    app.failWith(undefined);
    await clock.idle();
    clock.advance(5_000);
    await expect.poll(() => source.unrevoked()).toBe(0);
    expect(app.revoked).toEqual([password]);
  });

  test("a program that goes away ends the tokens it made, and a right that goes on is given another", async () => {
    const app = provider();
    const { source } = setUp({ providers: () => [app] });
    const grant = await source.grant({ ...asked, renews: true });
    if (grant === undefined) throw new Error("no grant");
    await source.secret(grant);
    await source.secretFor("https://forge.test/org/other", { access: "read" });
    await source.endTokens();
    expect(new Set(app.revoked)).toEqual(new Set(app.minted));
    expect(app.revoked).not.toContain((await source.secret(grant)).password);
  });

  test("who ends a workspace does not wait for a forge that never answers", async () => {
    const app = provider();
    const { source, clock } = setUp({ providers: () => [{ ...app, revoke: () => new Promise(() => undefined) }] });
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    await source.secret(grant);
    const ended = source.revoke("ws-a");
    await clock.idle();
    clock.advance(5_000);
    expect(await ended).toHaveLength(1);
    expect(source.unrevoked()).toBe(1);
  });

  test("a right that becomes wider gets a token that is, and both are ended with it", async () => {
    const app = provider();
    const { source } = setUp({ providers: () => [app] });
    const narrow = await source.grant({ ...asked, access: "read" });
    if (narrow === undefined) throw new Error("no grant");
    const first = await source.secret(narrow);
    const wide = await source.grant({ ...asked, workflows: true });
    if (wide === undefined) throw new Error("no grant");
    const second = await source.secret(wide);
    await source.revoke("ws-a");
    expect(new Set(app.revoked)).toEqual(new Set([first.password, second.password]));
    expect(app.asked.map(({ access, workflows }) => [access, workflows])).toEqual([
      ["read", false],
      ["write", true],
    ]);
  });
});

describe("logins", () => {
  test("one that ends soon is renewed once for all who ask, and kept before it is used", async () => {
    await using github = await fakeGitHub();
    const [fresh, refresh] = [hex(), hex()];
    github.device.answers = [
      { access_token: fresh, expires_in: 28_800, refresh_token: refresh, refresh_token_expires_in: 9_000_000 },
    ];
    const { source, tokens } = setUp({ clock: SYSTEM_CLOCK, apiUrl: () => github.apiUrl });
    tokens.set(login(Date.now() + 60_000));
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    const all = await Promise.all(Array.from({ length: 5 }, () => source.secret(grant)));
    expect(all.map(({ password }) => password)).toEqual(Array.from({ length: 5 }, () => fresh));
    expect(github.device.forms).toEqual([
      expect.objectContaining({ grant_type: "refresh_token", client_id: "client" }),
    ]);
    const kept = tokens.get("login");
    expect(kept?.type === "oauth" && kept.refresh?.token.reveal()).toBe(refresh);
  });

  test("one that cannot be renewed any more says how to log in again", async () => {
    await using github = await fakeGitHub();
    github.device.answers = [
      { error: "bad_refresh_token", error_description: "The refresh token passed is incorrect or expired." },
    ];
    const { source, tokens } = setUp({ clock: SYSTEM_CLOCK, apiUrl: () => github.apiUrl });
    tokens.set(login(Date.now() - 1));
    const grant = await source.grant(asked);
    if (grant === undefined) throw new Error("no grant");
    await expect(source.secret(grant)).rejects.toMatchObject({
      code: "credential_expired",
      next: "Log in again: ws login github.",
    });
    expect(tokens.get("login")).toBeDefined();
  });
});

/** Secrets that the tests of this run share, so that they can be looked for. */
const values = new Map<string, string>();

function secretOf(name: string): string {
  const value = values.get(name) ?? hex();
  values.set(name, value);
  return value;
}

function hex(): string {
  return randomBytes(20).toString("hex");
}

function token(name: string, changes: Partial<StoredToken> = {}): StoredToken {
  return { name, type: "pat", host: "forge.test", token: new Secret(secretOf(name)), createdAt: 1, ...changes };
}

function login(expiresAt: number): StoredToken {
  const refresh = { token: new Secret(hex()), clientId: "client" };
  return token("login", { type: "oauth", token: new Secret(hex()), expiresAt, refresh });
}

function fakeGitHub() {
  return startFakeGitHub({ appId: "7", publicKey: generateKeyPairSync("ed25519").publicKey });
}

interface SetUp extends Partial<Omit<CredentialSourceOptions, "clock">> {
  clock?: CredentialSourceOptions["clock"];
  log?: Log;
}

function setUp(changes: SetUp = {}) {
  const clock: ManualClock = createManualClock();
  const grants = createMemoryGrantStore();
  const tokens = createMemoryTokenStore();
  const source = createCredentialSource({
    grants,
    tokens,
    providers: () => [],
    clock,
    log: QUIET_LOG,
    fetch: globalThis.fetch,
    newId: () => `grant-${hex()}`,
    ...changes,
  });
  /** By the clock of this test. */
  currentClock = clock;
  return { source, grants, tokens, clock, secretOf };
}

let currentClock: ManualClock;

/** An app that makes a token whenever it is asked. */
function provider({ before = async () => {} }: { before?: () => Promise<void> } = {}) {
  let failure: WsError | undefined;
  const minted: string[] = [];
  const revoked: string[] = [];
  const signals: AbortSignal[] = [];
  const requests: Parameters<CredentialProvider["mint"]>[0][] = [];
  const app: CredentialProvider = {
    id: "app",
    name: "forge",
    type: "github_app",
    serves: (host) => host === "forge.test",
    check: async () => {},
    async mint(request, signal): Promise<MintedToken> {
      requests.push(request);
      if (signal !== undefined) signals.push(signal);
      await before();
      if (failure !== undefined) throw failure;
      const value = hex();
      minted.push(value);
      return { token: new Secret(value), username: "x-access-token", expiresAt: currentClock.now() + HOUR };
    },
    async revoke(ending) {
      if (failure !== undefined) throw failure;
      revoked.push(ending.reveal());
    },
  };
  return {
    ...app,
    minted,
    revoked,
    signals,
    asked: requests,
    failWith(error: WsError | undefined) {
      failure = error;
    },
  };
}
