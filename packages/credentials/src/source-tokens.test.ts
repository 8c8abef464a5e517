import { WsError } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";
import { QUIET_LOG } from "./surroundings.ts";
import { asked, provider, setUp } from "./testing/source-subject.ts";

describe("tokens of an app", () => {
  test("hundred requests at once make one token, which is used until ten minutes before its end", async () => {
    const app = provider();
    const { source, clock } = setUp({ providers: () => [app] });
    const grant = await source.demand({ ...asked, renews: true });
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
    const grant = await source.demand(asked);
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
    const grant = await source.demand(asked);
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
    const grant = await source.demand({ ...asked, renews: true });
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
    const grant = await source.demand(asked);
    const impatient = new AbortController();
    const first = source.secret(grant, { signal: impatient.signal });
    const second = source.secret(grant);
    impatient.abort();
    await expect(first).rejects.toMatchObject({ code: "aborted" });
    expect(app.signals[0]?.aborted).toBe(false);
    held.resolve();
    await second;
    const alone = new AbortController();
    const third = source.secret(await source.demand({ ...asked, workspace: "ws-b" }), {
      signal: alone.signal,
    });
    alone.abort();
    await expect(third).rejects.toMatchObject({ code: "aborted" });
    expect(app.signals.at(-1)?.aborted).toBe(true);
  });

  test("revoking ends every token of the workspace at the forge, and no other workspace's", async () => {
    const app = provider();
    const { source, clock } = setUp({ providers: () => [app] });
    const mine = await source.demand({ ...asked, renews: true });
    const theirs = await source.demand({ ...asked, workspace: "ws-b", renews: true });
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
    const grant = await source.demand(asked);
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
    const grant = await source.demand(asked);
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
    const grant = await source.demand({ ...asked, renews: true });
    await source.secret(grant);
    await source.secretFor("https://forge.test/org/other", { access: "read" });
    await source.endTokens();
    expect(new Set(app.revoked)).toEqual(new Set(app.minted));
    expect(app.revoked).not.toContain((await source.secret(grant)).password);
  });

  test("who ends a workspace does not wait for a forge that never answers", async () => {
    const app = provider();
    const { source, clock } = setUp({ providers: () => [{ ...app, revoke: () => new Promise(() => undefined) }] });
    const grant = await source.demand(asked);
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
    const narrow = await source.demand({ ...asked, access: "read" });
    const first = await source.secret(narrow);
    const wide = await source.demand({ ...asked, workflows: true });
    const second = await source.secret(wide);
    await source.revoke("ws-a");
    expect(new Set(app.revoked)).toEqual(new Set([first.password, second.password]));
    expect(app.asked.map(({ access, workflows }) => [access, workflows])).toEqual([
      ["read", false],
      ["write", true],
    ]);
  });
});
