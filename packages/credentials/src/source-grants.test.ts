import { WsError, type Log } from "@ws/workspace-core";
import { grantStoreSuite } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createMemoryGrantStore } from "./memory-grant-store.ts";
import { QUIET_LOG } from "./surroundings.ts";
import type { CredentialProvider } from "./provider.ts";
import { asked, HOUR, provider, setUp, token } from "./testing/source-subject.ts";

grantStoreSuite("the one in memory", async () => ({
  grants: createMemoryGrantStore(),
  [Symbol.asyncDispose]: async () => {},
}));

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
    const grant = await source.demand({ ...asked, branches: ["kept", "gone"], force: true, tags: true });
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
    const brief = await source.demand({ ...asked, ttlSeconds: 300 });
    const lasting = await source.demand({ ...asked, workspace: "ws-b", renews: true });
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

  test("a right is withheld at once, at the forge too, and stays so to whoever asks for it, until another takes its place or it is ended", async () => {
    const app = provider();
    const { source, grants } = setUp({ providers: () => [app] });
    const first = await source.demand({ ...asked, renews: true, force: true });
    const { password } = await source.secret(first);
    await source.withhold([first]);
    expect([app.revoked, source.list()]).toEqual([[password], []]);
    await expect(source.secret(first)).rejects.toMatchObject({ code: "credential_expired" });
    expect(grants.get(first.id)?.withheld).toBe(true);
    // What it may is made less also meanwhile.
    source.narrow(first.id, { force: false });
    expect(grants.get(first.id)).toMatchObject({ withheld: true, force: false });
    const second = await source.demand(asked);
    expect(grants.get(first.id)).not.toHaveProperty("withheld");
    await source.withhold([second]);
    expect(await source.revoke(asked.workspace)).toEqual([]);
    expect(grants.get(second.id)).not.toHaveProperty("withheld");
    await source.withhold([second]);
    expect(grants.get(second.id)).not.toHaveProperty("withheld");
  });

  test("on a full disk a right is used and renewed all the same", async () => {
    const { source, grants, clock, tokens } = setUp();
    tokens.set(token("work"));
    const grant = await source.demand({ ...asked, renews: true });
    grants.update = () => {
      throw new WsError("disk_full", { message: "Full.", data: {} });
    };
    clock.advance(2 * HOUR);
    expect(await source.secret(grant)).toMatchObject({ id: "work" });
  });

  test("on a full disk a right ends all the same, at the forge too, and that is written down once there is room", async () => {
    const app = provider();
    const { source, grants, tokens } = setUp({ providers: () => [app] });
    const grant = await source.demand(asked);
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
