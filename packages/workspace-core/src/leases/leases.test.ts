import { describe, expect, test } from "vitest";
import { WsError } from "../errors.ts";
import { asked, failure, setUp } from "../testing/lease-place.ts";

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
