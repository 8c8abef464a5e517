import { describe, expect, test } from "vitest";
import { isWsError, WsError } from "../errors.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createMemoryLeaseStore } from "../testing/memory-leases.ts";
import type { WorkspaceId } from "../workspace.ts";
import { createLeases, type LeasedWorkspaces, type Leases } from "./leases.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const URL = "https://host.test/org/app";
const asked = { project: "app", holder: "task-1", cloneUrl: URL };

/** Workspaces as a list of names, and what is told to go wrong. */
function createPlaces() {
  const there = new Map<string, { id: WorkspaceId; key?: string; holds?: string }>();
  const said: string[] = [];
  const breaks = new Map<string, Error>();
  const gates = new Map<string, Promise<void>>();
  let ids = 0;
  const at = async (step: string): Promise<void> => {
    await gates.get(step);
    const error = breaks.get(step);
    if (error !== undefined) throw error;
  };
  const workspaces: LeasedWorkspaces = {
    find: (name) => there.get(name),
    async create({ name, key, checkout }) {
      if (there.has(name)) throw new Error(`'${name}' is there already`);
      await at("before create");
      await at(`create ${name}`);
      const id: WorkspaceId = `ws-${++ids}`;
      there.set(name, { id, key });
      said.push(`create ${name}${checkout === undefined ? "" : ` ${JSON.stringify(checkout)}`}`);
      await at("create");
      return id;
    },
    async prepare(name, environment) {
      await at("prepare");
      said.push(`prepare ${name} ${JSON.stringify(environment)}`);
    },
    directory: (name) => (there.has(name) ? `/home/${name}/app` : undefined),
    async discard(id) {
      await at("discard");
      const [name = "", place] = [...there].find(([, one]) => one.id === id) ?? [];
      if (place?.holds !== undefined) return { kept: true, holds: place.holds };
      there.delete(name);
      said.push(`discard ${name}`);
      return { kept: false };
    },
  };
  return { there, said, breaks, gates, workspaces };
}

function setUp() {
  const places = createPlaces();
  const clock = createManualClock();
  const store = createMemoryLeaseStore();
  let ids = 0;
  const make = (): Leases =>
    createLeases({ store, workspaces: places.workspaces, clock, log: silent, newId: () => `lease-${++ids}` });
  return { ...places, clock, store, leases: make(), reborn: make };
}

async function failure(work: Promise<unknown>): Promise<WsError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (isWsError(error)) return error;
  throw new Error(`expected a domain error, not ${String(error)}`);
}

describe("a lease", () => {
  test("takes a number, makes its workspace, makes it ready and is handed over", async () => {
    const { leases, said } = setUp();
    const lease = await leases.acquire({
      ...asked,
      checkout: { base: "main" },
      environment: async ({ number, directory }) => ({ NUM: String(number), DIR: directory ?? "" }),
    });
    expect(lease).toMatchObject({
      number: 1,
      workspace: "app-1",
      stage: "prepared",
      environment: { NUM: "1", DIR: "/home/app-1/app" },
    });
    expect(said).toEqual(['create app-1 {"base":"main"}', 'prepare app-1 {"NUM":"1","DIR":"/home/app-1/app"}']);
    expect(leases.handOver(lease, "task-7")).toMatchObject({
      stage: "handed_over",
      holder: "task-7",
      workspaceId: "ws-1",
    });
    expect(leases.list("app")).toHaveLength(1);
  });

  test("is ended once, however many end it at once, and takes its workspace with it", async () => {
    const { leases, said } = setUp();
    const lease = await leases.acquire(asked);
    const all = await Promise.all([1, 2, 3, 4].map(() => leases.release(lease)));
    expect(all.filter(({ released }) => released)).toHaveLength(1);
    expect(said.filter((line) => line.startsWith("discard"))).toEqual(["discard app-1"]);
    expect(await leases.release(lease)).toEqual({ released: false });
    expect(leases.list()).toEqual([]);
  });

  test("is ended by its id, twice if need be; what is none is not found, and a workspace's name says whose it is", async () => {
    const { leases } = setUp();
    const lease = await leases.acquire(asked);
    expect(await failure(leases.releaseById("app-1"))).toMatchObject({
      code: "lease_not_found",
      next: expect.stringContaining(`ws lease release ${lease.id}`) as string,
    });
    expect(await leases.releaseById(lease.id)).toEqual({ released: true });
    expect(await leases.releaseById(lease.id)).toEqual({ released: false });
    expect(await failure(leases.releaseById("lease-none"))).toMatchObject({
      code: "lease_not_found",
      message: "There is no lease 'lease-none'.",
      next: expect.stringContaining("ws lease list") as string,
    });
  });

  test("never shares a number: fifty at once have fifty workspaces", async () => {
    const { leases } = setUp();
    const all = await Promise.all(Array.from({ length: 50 }, () => leases.acquire(asked)));
    expect(new Set(all.map(({ workspace }) => workspace)).size).toBe(50);
    expect(Math.min(...all.map(({ number }) => number))).toBe(1);
    expect(new Set(all.map(({ token }) => token)).size).toBe(50);
  });

  test("of a project whose name is no host name has a workspace with one that is", async () => {
    const { leases } = setUp();
    expect((await leases.acquire({ ...asked, project: "New_Tool.js" })).workspace).toBe("new-tool-js-1");
    const long = await leases.acquire({ ...asked, project: `${"a".repeat(60)}-b` });
    expect(long.workspace).toMatch(/^a{60}-1$/);
  });
});

describe("work that lies nowhere else", () => {
  test("is never reset for the next lease: it is kept, and another number is used", async () => {
    const { leases, there } = setUp();
    const first = await leases.acquire(asked);
    const place = there.get("app-1");
    if (place !== undefined) place.holds = "2 unpushed commits";
    expect(await leases.release(first)).toEqual({ released: true, holds: "2 unpushed commits" });
    const second = await leases.acquire(asked);
    expect([second.number, there.get("app-1")?.id]).toEqual([2, "ws-1"]);
    await leases.release(second);
    expect((await leases.acquire(asked)).number).toBe(2);
  });

  test("once it is pushed gives its number free again", async () => {
    const { leases, there } = setUp();
    const first = await leases.acquire(asked);
    const place = there.get("app-1");
    if (place !== undefined) place.holds = "1 file";
    await leases.release(first);
    delete place?.holds;
    expect((await leases.acquire(asked)).number).toBe(1);
    expect(there.get("app-1")?.id).toBe("ws-2");
  });

  test("is taken to be there where nobody can look", async () => {
    const { leases, breaks, there } = setUp();
    const first = await leases.acquire(asked);
    breaks.set("discard", new WsError("engine_unreachable", { message: "No engine.", data: { runtime: "docker" } }));
    expect(await leases.release(first)).toEqual({ released: true, holds: "No engine." });
    expect((await leases.acquire(asked)).number).toBe(2);
    expect(there.get("app-1")?.id).toBe("ws-1");
  });

  test("of a workspace that somebody made under such a name is nobody's to remove", async () => {
    const { leases, there, said } = setUp();
    there.set("app-1", { id: "ws-theirs" });
    const lease = await leases.acquire(asked);
    expect(lease.number).toBe(2);
    await leases.release(lease);
    expect(said).not.toContain("discard app-1");
    expect(there.get("app-1")?.id).toBe("ws-theirs");
  });
});

describe("where a lease fails", () => {
  test.each([
    ["before create", "materialization"],
    ["create", "materialization"],
    ["prepare", "preparation"],
  ])("in %s, its stage is %s, and number and workspace are given back", async (step, stage) => {
    const { leases, breaks, there } = setUp();
    breaks.set(step, new WsError("disk_full", { message: "The disk is full.", next: "Free some.", data: {} }));
    const error = await failure(leases.acquire(asked));
    expect([error.code, error.data, error.next]).toEqual(["lease_failed", { project: "app", stage }, "Free some."]);
    expect(error.message).toContain("The disk is full.");
    expect([leases.list(), [...there]]).toEqual([[], []]);
    breaks.clear();
    expect((await leases.acquire(asked)).number).toBe(1);
  });

  test("because somebody was quicker with a workspace of its name, another number is taken", async () => {
    const { leases, breaks } = setUp();
    breaks.set("create app-1", new WsError("name_taken", { message: "Taken.", data: { name: "app-1" } }));
    expect(await leases.acquire(asked)).toMatchObject({ number: 2, workspace: "app-2" });
    expect(leases.list()).toHaveLength(1);
  });

  test("by being over when it is to be handed over, it says so", async () => {
    const { leases } = setUp();
    const lease = await leases.acquire(asked);
    await leases.release(lease);
    const error = await failure((async () => leases.handOver(lease, "task-2"))());
    expect([error.code, error.data]).toEqual(["lease_failed", { project: "", stage: "handover" }]);
  });

  test("by being ended while its workspace is made, nothing of it stays", async () => {
    const { leases, gates, there } = setUp();
    const gate = Promise.withResolvers<void>();
    gates.set("before create", gate.promise);
    const acquiring = leases.acquire(asked);
    await expect.poll(() => leases.list()).toHaveLength(1);
    const [lease] = leases.list();
    if (lease !== undefined) expect(await leases.release(lease)).toEqual({ released: true });
    gate.resolve();
    expect(await failure(acquiring)).toMatchObject({ code: "lease_failed" });
    expect([leases.list(), [...there]]).toEqual([[], []]);
  });

  test("by being cancelled, it is given back", async () => {
    const { leases, gates, there } = setUp();
    const gate = Promise.withResolvers<void>();
    gates.set("prepare", gate.promise);
    const cancelling = new AbortController();
    const acquiring = leases.acquire({ ...asked, signal: cancelling.signal });
    await expect.poll(() => leases.list()[0]?.stage).toBe("materialised");
    cancelling.abort();
    gate.resolve();
    expect((await failure(acquiring)).code).toBe("aborted");
    expect([leases.list(), [...there]]).toEqual([[], []]);
  });
});

describe("a project with a limit", () => {
  test("refuses what is over it, naming the holders", async () => {
    const { leases } = setUp();
    await leases.acquire({ ...asked, limit: 1 });
    const error = await failure(leases.acquire({ ...asked, limit: 1 }));
    expect([error.code, error.message]).toEqual(["lease_unavailable", expect.stringContaining("1 (task-1)")]);
  });

  test("lets those who wait go on one by one, in their order", async () => {
    const { leases } = setUp();
    const first = await leases.acquire({ ...asked, limit: 1 });
    const done: string[] = [];
    const waiting = ["b", "c"].map(async (holder) => {
      const lease = await leases.acquire({ ...asked, holder, limit: 1, wait: true });
      done.push(holder);
      await leases.release(lease);
    });
    await leases.release(first);
    await Promise.all(waiting);
    expect(done).toEqual(["b", "c"]);
  });

  test("lets a wait be cancelled", async () => {
    const { leases } = setUp();
    await leases.acquire({ ...asked, limit: 1 });
    const cancelling = new AbortController();
    const waiting = failure(leases.acquire({ ...asked, limit: 1, wait: true, signal: cancelling.signal }));
    cancelling.abort();
    expect((await waiting).code).toBe("aborted");
    expect(leases.list()).toHaveLength(1);
  });

  test("does not count what is kept", async () => {
    const { leases, there } = setUp();
    const first = await leases.acquire({ ...asked, limit: 1 });
    const place = there.get("app-1");
    if (place !== undefined) place.holds = "1 file";
    await leases.release(first);
    expect((await leases.acquire({ ...asked, limit: 1 })).number).toBe(2);
  });
});

describe("after a crash", () => {
  /** Acquires until the step and leaves everything as it is then. */
  async function crashedAt(step: "before create" | "create" | "prepare") {
    const place = setUp();
    place.gates.set(step, new Promise(() => undefined));
    void place.leases.acquire(asked);
    const stage = step === "prepare" ? "materialised" : "acquired";
    await expect.poll(() => place.store.list()[0]?.stage).toBe(stage);
    if (step === "create") await expect.poll(() => place.there.size).toBe(1);
    place.gates.clear();
    return { ...place, leases: place.reborn() };
  }

  test.each(["before create", "create", "prepare"] as const)(
    "in %s, number and workspace are given back",
    async (step) => {
      const { leases, there } = await crashedAt(step);
      expect(await leases.reconcile(() => true)).toMatchObject([{ number: 1 }]);
      expect([leases.list(), [...there]]).toEqual([[], []]);
      expect(await leases.reconcile(() => true)).toEqual([]);
      expect((await leases.acquire(asked)).number).toBe(1);
    },
  );

  test("a lease that was handed over goes on where its holder does, and is ended where not", async () => {
    const { leases, reborn } = setUp();
    for (const holder of ["lives", "died"]) leases.handOver(await leases.acquire(asked), holder);
    const again = reborn();
    expect(await again.reconcile(({ holder }) => holder === "lives")).toMatchObject([{ holder: "died" }]);
    expect(again.list()).toMatchObject([{ holder: "lives", stage: "handed_over" }]);
  });

  test("in the middle of a release, it is ended", async () => {
    const { leases, gates, there, reborn, store } = setUp();
    const lease = leases.handOver(await leases.acquire(asked), "task-1");
    gates.set("discard", new Promise(() => undefined));
    void leases.release(lease);
    await expect.poll(() => store.list()[0]?.stage).toBe("releasing");
    gates.clear();
    const again = reborn();
    expect(await again.reconcile(() => true)).toHaveLength(1);
    expect([again.list(), [...there]]).toEqual([[], []]);
  });

  test("a holder from before cannot end, or take, what is another's by now", async () => {
    const { leases, reborn } = setUp();
    const stale = await leases.acquire(asked);
    const again = reborn();
    await again.reconcile(() => true);
    const present = await again.acquire(asked);
    expect(present.number).toBe(stale.number);
    expect(await again.release(stale)).toEqual({ released: false });
    expect((await failure((async () => again.handOver(stale, "task-1"))())).code).toBe("lease_failed");
    expect(again.list()).toMatchObject([{ id: present.id }]);
  });
});
