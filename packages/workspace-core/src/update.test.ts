import { expect, test } from "vitest";
import { WsError } from "./errors.ts";
import { createHarness } from "./testing/harness.ts";

const MIB = 2 ** 20;

test("limits hold at once, running or stopped, and null takes one away", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo", limits: { cpus: 1, memoryBytes: 512 * MIB } });
  await h.workspaces.update("demo", { limits: { memoryBytes: 256 * MIB, processes: 100 } });
  expect(h.runtime.limits(id)).toEqual({ cpus: 1, memoryBytes: 256 * MIB, processes: 100 });
  await h.workspaces.stop("demo");
  const { record } = await h.workspaces.update("demo", { limits: { cpus: null } });
  expect(record.limits).toEqual({ memoryBytes: 256 * MIB, processes: 100 });
  expect(h.runtime.limits(id)).toEqual(record.limits);
  expect(record.operation).toBeUndefined();
});

test("what a place does not take leaves everything as it was", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", limits: { cpus: 1 }, ttlMs: 60_000 });
  h.runtime.intercept((method) => {
    if (method === "limit") throw new WsError("internal", { message: "The engine refused.", data: {} });
  });
  const asked = { limits: { cpus: 2 }, ttlMs: null, env: { A: "1" }, credentials: "none" as const };
  await expect(h.workspaces.update("demo", asked)).rejects.toMatchObject({ code: "internal" });
  const record = h.workspaces.get("demo");
  expect(record).toMatchObject({ limits: { cpus: 1 }, ttlMs: 60_000, env: {} });
  expect([record.operation, record.credentials]).toEqual([undefined, undefined]);
});

test.each([
  [{ cpus: 5 }, "limits.cpus"],
  [{ memoryBytes: 100 * MIB }, "limits.memoryBytes"],
])(
  "more CPUs than there are, and less memory than is used, are refused before anything is changed: %j",
  async (limits, field) => {
    await using h = createHarness();
    const { id } = await h.workspaces.create({ name: "demo" });
    h.runtime.uses(id, { memoryBytes: 200 * MIB });
    await expect(h.workspaces.update("demo", { limits })).rejects.toMatchObject({
      code: "invalid_input",
      data: { field },
    });
    expect(h.workspaces.get("demo").limits).toEqual({});
  },
);

test("less memory than it used is taken once it is stopped", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  h.runtime.uses(id, { memoryBytes: 200 * MIB });
  await h.workspaces.stop("demo");
  await h.workspaces.update("demo", { limits: { memoryBytes: 100 * MIB } });
  expect(h.runtime.limits(id)).toEqual({ memoryBytes: 100 * MIB });
});

test("a TTL begins anew, and goes with null, as the end when idle does", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", ttlMs: 3_600_000, autoCleanup: true });
  await h.workspaces.update("demo", { ttlMs: 7_200_000, idleMs: 600_000, autoCleanup: false });
  expect(h.workspaces.get("demo")).toMatchObject({
    ttlMs: 7_200_000,
    ttlRemainingMs: 7_200_000,
    idleMs: 600_000,
    autoCleanup: false,
  });
  const { record } = await h.workspaces.update("demo", { ttlMs: null, idleMs: null });
  expect([record.ttlMs, record.ttlRemainingMs, record.idleMs]).toEqual([undefined, undefined, undefined]);
});

test("variables are set and taken away by name, and what runs keeps what it had", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", env: { A: "1", B: "2" } });
  const { record, forNewPrograms } = await h.workspaces.update("demo", { env: { A: null, C: "3" } });
  expect(record.env).toEqual({ B: "2", C: "3" });
  expect(forNewPrograms).toEqual(["env"]);
  await h.workspaces.stop("demo");
  expect((await h.workspaces.update("demo", { env: { D: "4" } })).forNewPrograms).toEqual([]);
});

test("a right that was had with a credential which is not chosen any more ends, and comes back with it unless somebody has ended it", async () => {
  await using h = createHarness();
  h.credentials.add("forge.test", "x");
  const { id } = await h.workspaces.create({ name: "demo", clone: "https://forge.test/a/b" });
  const rights = () => h.credentials.list({ workspace: id }).map(({ url }) => url);
  // The credential that it is from is among the chosen ones still.
  await h.workspaces.update("demo", { credentials: ["forge.test", "other"] });
  expect(rights()).toEqual(["https://forge.test/a/b"]);
  const { forNewPrograms } = await h.workspaces.update("demo", { credentials: ["other"] });
  expect([rights(), forNewPrograms]).toEqual([[], ["credentials"]]);
  const { record } = await h.workspaces.update("demo", { credentials: null });
  expect([record.credentials, rights()]).toEqual([undefined, ["https://forge.test/a/b"]]);
  await h.workspaces.update("demo", { credentials: ["other"] });
  await h.credentials.revoke(id);
  await h.workspaces.update("demo", { credentials: null });
  expect(rights()).toEqual([]);
});

test("rights are taken at once and given again by the next agent where this one goes away between", async () => {
  await using h = createHarness();
  for (const host of ["forge.test", "other.test"]) h.credentials.add(host, "x");
  const { id } = await h.workspaces.create({ name: "demo", clone: "https://forge.test/a/b" });
  const asked = { workspace: id, access: "read", branches: [], credentials: "all" } as const;
  await h.credentials.grant({ ...asked, url: "https://other.test/c/d", ttlSeconds: 600 });
  const rights = () => h.credentials.list({ workspace: id }).map(({ url }) => url);
  await h.workspaces.update("demo", { credentials: "none" });
  expect(rights()).toEqual([]);
  const { grant } = h.credentials;
  const begun = Promise.withResolvers<void>();
  h.credentials.grant = () => {
    begun.resolve();
    return Promise.withResolvers<undefined>().promise;
  };
  h.workspaces.update("demo", { credentials: ["forge.test", "other.test"] }).catch(() => undefined);
  await begun.promise;
  h.credentials.grant = grant;
  const next = h.reborn();
  await next.reconcile();
  expect(rights().toSorted()).toEqual(["https://forge.test/a/b", "https://other.test/c/d"]);
  expect(next.get("demo").operation).toBeUndefined();
});

test("a credential is taken also while the engine is away, and of what needs it nothing is changed then", async () => {
  await using h = createHarness();
  h.credentials.add("forge.test", "x");
  const { id } = await h.workspaces.create({ name: "demo", clone: "https://forge.test/a/b" });
  await h.workspaces.stop("demo");
  h.runtime.intercept((method) => {
    if (method === "limit") throw new WsError("engine_unreachable", { message: "Away.", data: { runtime: "docker" } });
  });
  await expect(h.workspaces.update("demo", { credentials: "none", limits: { processes: 9 } })).rejects.toMatchObject({
    code: "engine_unreachable",
  });
  expect([h.workspaces.get("demo").credentials, h.credentials.list({ workspace: id }).length]).toEqual([undefined, 1]);
  const { record } = await h.workspaces.update("demo", { credentials: "none" });
  expect([record.credentials, record.operation, h.credentials.list({ workspace: id })]).toEqual([
    "none",
    undefined,
    [],
  ]);
});

test("rights with a credential that stays chosen are given again as they were, for no longer than they had left", async () => {
  await using h = createHarness();
  for (const host of ["forge.test", "other.test"]) h.credentials.add(host, "x");
  const { id } = await h.workspaces.create({ name: "demo", clone: "https://forge.test/a/b", credentials: "none" });
  const asked = { workspace: id, access: "read", branches: [], credentials: "all" } as const;
  await h.credentials.grant({ ...asked, url: "https://forge.test/a/b", ttlSeconds: 600 });
  await h.credentials.grant({ ...asked, url: "https://other.test/c/d", ttlSeconds: 600 });
  await h.workspaces.update("demo", { credentials: "all" });
  const end = h.clock.now() + 600_000;
  h.clock.advance(60_000);
  await h.workspaces.update("demo", { credentials: ["forge.test"] });
  const rights = h.credentials.list({ workspace: id });
  expect(rights).toMatchObject([{ url: "https://forge.test/a/b", access: "read", expiresAt: end }]);
  expect(rights[0]?.renewsMs).toBeUndefined();
});

test("a workspace that could never use a credential has its right once it may", async () => {
  await using h = createHarness();
  h.credentials.add("forge.test", "x");
  const { id } = await h.workspaces.create({ name: "demo", clone: "https://forge.test/a/b", credentials: "none" });
  expect(h.credentials.list({ workspace: id })).toEqual([]);
  await h.workspaces.update("demo", { credentials: ["forge.test"] });
  expect(h.credentials.list({ workspace: id })).toMatchObject([{ url: "https://forge.test/a/b" }]);
  // The same choice in another order changes nothing.
  await h.workspaces.update("demo", { credentials: ["a", "forge.test"] });
  expect((await h.workspaces.update("demo", { credentials: ["forge.test", "a"] })).forNewPrograms).toEqual([]);
});

test("an agent that goes away in the middle of an update leaves it to the next one", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  h.runtime.intercept(async (method) => {
    if (method !== "limit") return;
    begun.resolve();
    await held.promise;
  });
  h.workspaces.update("demo", { limits: { cpus: 2 } }).catch(() => undefined);
  await begun.promise;
  expect(h.workspaces.get("demo").operation?.kind).toBe("update");
  const next = h.reborn();
  h.runtime.intercept(() => undefined);
  await next.reconcile();
  expect(next.get("demo")).toMatchObject({ limits: { cpus: 2 }, power: "running" });
  expect(next.get("demo").operation).toBeUndefined();
  expect(h.runtime.limits(id)).toEqual({ cpus: 2 });
  held.resolve();
});
