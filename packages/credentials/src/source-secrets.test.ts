import { inspect } from "node:util";
import { WsError } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";
import { Secret } from "./secret.ts";
import { SYSTEM_CLOCK } from "./surroundings.ts";
import { asked, fakeGitHub, hex, login, provider, setUp, token } from "./testing/source-subject.ts";

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
    const grant = await source.demand({ ...asked, workspace: "ws-4" });
    expect(grant.credential).toMatchObject({ id: "user", type: "pat" });
    expect(await source.secret(grant)).toMatchObject({ password: secretOf("brought"), username: "x-access-token" });
  });

  test("one that is always used is used also by a workspace that may use no other", async () => {
    const { source } = setUp({ providers: () => [{ ...provider(), always: true }] });
    expect(await source.grant({ ...asked, credentials: "none" })).toMatchObject({ credential: { id: "app" } });
    expect(await source.grant({ ...asked, credentials: ["work"] })).toMatchObject({ credential: { id: "app" } });
  });

  test("a token that the forge refused is never handed out again, until it is set or the right is given anew", async () => {
    const { source, tokens, clock, secretOf } = setUp();
    tokens.set(token("work"));
    const grant = await source.demand(asked);
    const { password = "" } = await source.secret(grant);
    expect(source.refusedAt("work")).toBeUndefined();
    for (const refused of [password, undefined]) {
      await expect(source.secret(grant, refused === undefined ? {} : { refused })).rejects.toMatchObject({
        code: "credential_rejected",
        message: `Authentication failed: forge.test refused the token 'work' (it ends in ${password.slice(-4)}).`,
        next: "Give a new one: ws credential set work.",
      });
    }
    const refusedAt = clock.now();
    clock.advance(120_000);
    expect(source.refusedAt("work")).toBe(refusedAt);
    tokens.set(token("work", { createdAt: clock.now() }));
    expect(source.refusedAt("work")).toBeUndefined();
    tokens.set(token("work", { token: new Secret(secretOf("renewed")) }));
    expect(source.refusedAt("work")).toBeUndefined();
    expect((await source.secret(grant)).password).toBe(secretOf("renewed"));
    tokens.set(token("work"));
    await source.grant(asked);
    expect((await source.secret(grant)).password).toBe(password);
  });

  test("that a token was refused is known to the next process, of this token and of none that takes its name", async () => {
    const { source, tokens, clock } = setUp();
    tokens.set(token("work"));
    const { password = "" } = await source.secret(await source.demand(asked));
    await expect(source.secret(await source.demand(asked), { refused: password })).rejects.toThrow("refused the token");
    const at = clock.now();
    const next = setUp({ tokens }).source;
    expect(next.refusedAt("work")).toBe(at);
    tokens.set(token("work", { createdAt: at }));
    expect(next.refusedAt("work")).toBeUndefined();
    tokens.refused("nobody's", at);
    expect(tokens.list()).toHaveLength(1);
  });

  test("a store that cannot keep that a token was refused keeps no request from its answer", async () => {
    const { source, tokens } = setUp();
    tokens.set(token("work"));
    tokens.refused = () => {
      throw new WsError("disk_full", { message: "Full.", data: {} });
    };
    const grant = await source.demand(asked);
    const { password = "" } = await source.secret(grant);
    await expect(source.secret(grant, { refused: password })).rejects.toMatchObject({ code: "credential_rejected" });
    expect(source.refusedAt("work")).toBeDefined();
  });

  test("a token that is past its day, or gone, or now another host's is told so and not sent", async () => {
    const { source, tokens, clock } = setUp();
    tokens.set(token("work", { expiresAt: clock.now() + 1_000 }));
    const grant = await source.demand(asked);
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
    const grant = await source.demand(asked);
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

describe("logins", () => {
  test("one that ends soon is renewed once for all who ask, and kept before it is used", async () => {
    await using github = await fakeGitHub();
    const [fresh, refresh] = [hex(), hex()];
    github.device.answers = [
      { access_token: fresh, expires_in: 28_800, refresh_token: refresh, refresh_token_expires_in: 9_000_000 },
    ];
    const { source, tokens } = setUp({ clock: SYSTEM_CLOCK, apiUrl: () => github.apiUrl });
    tokens.set(login(Date.now() + 60_000));
    const grant = await source.demand(asked);
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
    const grant = await source.demand(asked);
    await expect(source.secret(grant)).rejects.toMatchObject({
      code: "credential_expired",
      next: "Log in again: ws login github.",
    });
    expect(tokens.get("login")).toBeDefined();
  });
});
