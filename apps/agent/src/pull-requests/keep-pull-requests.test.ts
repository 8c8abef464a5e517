import type { WorkspaceId } from "@ws/workspace-core";
import { createHarness, type Harness } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { keepPullRequests } from "./keep-pull-requests.ts";

const MINUTE = 60_000;

describe("open pull requests", () => {
  test("are looked at about once a minute while somebody watches, and what has changed is told as an event", async () => {
    await using world = await opened("demo");
    const { h, held, watch, looks, after } = world;
    const told: string[] = [];
    const leaving = new AbortController();
    void (async () => {
      for await (const event of h.workspaces.events(leaving.signal)) {
        if (event.type === "changed") told.push(event.record.checks?.state ?? "unknown");
      }
    })();
    held.branches.get(branchOf(h, "demo"))?.checks.push({ name: "build", state: "pending" });
    const leave = watch();
    await after(1);
    expect(h.workspaces.get("demo").checks).toMatchObject({ state: "pending", failed: [] });
    await after(MINUTE);
    await after(MINUTE);
    expect(looks).toEqual(["demo", "demo", "demo"]);
    expect(told).toEqual(["pending"]);
    const checks = held.branches.get(branchOf(h, "demo"))?.checks ?? [];
    checks.splice(0, 1, ...["a", "b", "c", "d", "e", "f"].map((name) => ({ name, state: "failure" as const })));
    const { at } = h.workspaces.get("demo").checks ?? {};
    await after(MINUTE);
    expect(h.workspaces.get("demo").checks).toMatchObject({ state: "failure", failed: ["a", "b", "c", "d", "e"] });
    expect(h.workspaces.get("demo").checks?.at).toBeGreaterThan(at ?? Infinity);
    expect(told).toEqual(["pending", "failure"]);
    leave();
    leaving.abort();
  });

  test("are left alone while nobody watches, and not looked at sooner because somebody came back", async () => {
    await using world = await opened("demo");
    const { watch, looks, after } = world;
    await after(5 * MINUTE);
    expect(looks).toEqual([]);
    watch()();
    const leave = watch();
    await after(1);
    leave();
    await after(1_000);
    const again = watch();
    await after(1_000);
    expect(looks).toEqual(["demo"]);
    again();
    await after(MINUTE);
    await after(MINUTE);
    expect(looks).toEqual(["demo"]);
  });

  test("of others are not looked at for whoever watches one", async () => {
    await using world = await opened("one", "two");
    const { h, watch, looks, after } = world;
    const leave = watch(h.workspaces.get("two").id);
    await after(1);
    await after(1_000);
    await after(1_000);
    expect(looks).toEqual(["two"]);
    leave();
  });

  test("are looked at one after the other, and no more once they are merged", async () => {
    await using world = await opened("one", "two");
    const { held, watch, looks, after } = world;
    for (const pullRequest of held.pullRequests) Object.assign(pullRequest, { state: "merged" });
    const leave = watch();
    await after(1);
    expect(looks).toEqual(["one"]);
    await after(1_000);
    expect(looks).toEqual(["one", "two"]);
    await after(2 * MINUTE);
    await after(2 * MINUTE);
    expect(looks).toHaveLength(2);
    leave();
  });

  test("are looked at within seconds of a push, and of a finalize", async () => {
    await using world = await opened("demo");
    const { h, kept, watch, looks, after } = world;
    const leave = watch();
    await after(1);
    kept.pushed(h.workspaces.get("demo").id);
    await after(5_000);
    expect(looks).toHaveLength(2);
    await after(15_000);
    expect(looks).toHaveLength(3);
    h.git.leave(h.workspaces.get("demo").id, { head: "c3", unpushed: 1 });
    await h.workspaces.finalize("demo", { push: true });
    await after(5_000);
    expect(looks).toHaveLength(4);
    leave();
  });

  test("of a forge that limits us are left alone until it says so, and a failing one is looked at less and less often", async () => {
    await using world = await opened("one", "two");
    const { h, watch, looks, after } = world;
    h.forge.fault({ kind: "rate_limited", forMs: 10 * MINUTE });
    const leave = watch();
    await after(1);
    for (let minute = 0; minute < 9; minute += 1) await after(MINUTE);
    expect(looks).toEqual(["one"]);
    await after(MINUTE);
    await after(1_000);
    expect(looks.toSorted()).toEqual(["one", "one", "two"]);
    h.forge.accept("another secret");
    looks.length = 0;
    for (let minute = 0; minute < 60; minute += 1) await after(MINUTE);
    // Once a minute would be sixty times each.
    expect(looks.length).toBeGreaterThan(4);
    expect(looks.length).toBeLessThan(14);
    leave();
  });

  test("that a forge never answers about hold up the next look for seconds, and start no stopped workspace", async () => {
    await using world = await opened("one", "two");
    const { h, watch, looks, after } = world;
    await h.workspaces.stop("one");
    await h.workspaces.stop("two");
    h.forge.fault({ kind: "silent" });
    const leave = watch();
    await after(1);
    await after(20_000);
    await after(1_000);
    expect(looks).toEqual(["one", "two"]);
    expect(h.workspaces.get("two").checks).toMatchObject({ state: "none" });
    expect(h.workspaces.list().map(({ power }) => power)).toEqual(["stopped", "stopped"]);
    leave();
  });
});

/** Workspaces with an open pull request each, and who keeps them fresh. */
async function opened(...names: string[]) {
  const h = createHarness();
  h.credentials.add("forge.test", "one");
  for (const name of names) {
    const { id } = await h.workspaces.create({ name, clone: "https://forge.test/acme/next.js.git" });
    h.git.leave(id, { head: "c2", unpushed: 1 });
    await h.workspaces.finalize(name, { push: true, pullRequest: { title: name } });
  }
  const looks: string[] = [];
  const closing = new AbortController();
  const kept = keepPullRequests({
    workspaces: async () => ({
      ...h.workspaces,
      pullRequest(name, signal) {
        looks.push(name);
        return h.workspaces.pullRequest(name, signal);
      },
    }),
    clock: h.clock,
    random: () => 0.5,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    closing: closing.signal,
  });
  return {
    h,
    kept,
    looks,
    held: h.forge.add("acme/next.js"),
    watch(only?: WorkspaceId): () => void {
      const leaving = new AbortController();
      kept.attend(leaving.signal, only);
      return () => leaving.abort();
    },
    /** Time goes on, and what is due then is done. */
    async after(ms: number): Promise<void> {
      await settled();
      h.clock.advance(ms);
      await settled();
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await h[Symbol.asyncDispose]();
    },
  };
}

function branchOf(h: Harness, name: string): string {
  return h.workspaces.get(name).pullRequest?.sourceBranch ?? "";
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
