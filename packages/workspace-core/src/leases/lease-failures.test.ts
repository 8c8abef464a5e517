import { describe, expect, test } from "vitest";
import { WsError } from "../errors.ts";
import { asked, failure, setUp } from "../testing/lease-place.ts";

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
