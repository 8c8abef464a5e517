import fc from "fast-check";
import { expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createMemoryLeaseStore } from "../testing/memory-leases.ts";
import type { WorkspaceId } from "../workspace.ts";
import type { Lease, LeaseStore } from "./lease.ts";
import { createLeases, type LeasedWorkspaces, type Leases } from "./leases.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A worker whose workspaces can be worked in, and whose agent dies when it is told to, at whichever step it is. */
function createWorld() {
  const there = new Map<string, { id: WorkspaceId; key?: string; work: boolean }>();
  const store = createMemoryLeaseStore();
  const lost: string[] = [];
  let ids = 0;
  let leaseIds = 0;
  let agent = 0;
  const requireAlive = (mine: number): void => {
    if (mine !== agent) throw new Error("this agent is dead");
  };

  /** What a dead agent calls has no effect. */
  function storeOf(mine: number): LeaseStore {
    const guarded = <A extends unknown[], R>(call: (...args: A) => R): ((...args: A) => R) => {
      return (...args) => {
        requireAlive(mine);
        return call(...args);
      };
    };
    return {
      acquire: guarded(store.acquire),
      update: guarded(store.update),
      release: guarded(store.release),
      get: guarded(store.get),
      wasReleased: guarded(store.wasReleased),
      list: guarded(store.list),
      lastWorkspace: guarded(store.lastWorkspace),
    };
  }

  function workspacesOf(mine: number): LeasedWorkspaces {
    return {
      find: (name) => there.get(name),
      async create({ name, key }) {
        await Promise.resolve();
        requireAlive(mine);
        const id: WorkspaceId = `ws-${++ids}`;
        there.set(name, { id, key, work: false });
        await Promise.resolve();
        return id;
      },
      prepare: () => Promise.resolve(),
      directory: (name) => `/home/${name}`,
      async discard(id) {
        await Promise.resolve();
        requireAlive(mine);
        const [name = "", place] = [...there].find(([, one]) => one.id === id) ?? [];
        if (place === undefined) return { kept: false };
        if (place.work) return { kept: true, holds: "work" };
        // Whoever holds a lease on it would lose it under their hands.
        const holder = store.list().find((lease) => lease.workspaceId === id && lease.stage === "handed_over");
        if (holder !== undefined) lost.push(holder.id);
        there.delete(name);
        await Promise.resolve();
        return { kept: false };
      },
    };
  }

  const start = (): Leases => {
    agent += 1;
    const [workspaces, own] = [workspacesOf(agent), storeOf(agent)];
    return createLeases({
      store: own,
      workspaces,
      clock: createManualClock(),
      log: silent,
      newId: () => `lease-${++leaseIds}`,
    });
  };
  return { there, store, lost, start };
}

type Step =
  | { do: "acquire"; turns: number }
  | { do: "release"; which: number; turns: number }
  | { do: "work"; which: number }
  | { do: "push"; which: number }
  | { do: "crash" };

const turns = fc.nat({ max: 14 });
const which = fc.nat({ max: 5 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("acquire" as const), turns }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("release" as const), which, turns }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("work" as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("push" as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("crash" as const) }) },
);

test("whatever is taken, given back and cut off by a crash, in whichever order: nobody shares, no work is lost, and nothing is left over", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
      const world = createWorld();
      let leases = world.start();
      const worked = new Set<WorkspaceId>();
      const pass = async (count: number): Promise<void> => {
        for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
      };
      const held = (): Lease[] => world.store.list().filter(({ stage }) => stage === "handed_over");
      const pick = (at: number): Lease | undefined => held()[at % Math.max(1, held().length)];

      for (const step of steps) {
        if (step.do === "acquire") {
          const present = leases;
          void present
            .acquire({ project: "app", holder: "somebody", cloneUrl: "https://h.test/app" })
            .then((lease) => present.handOver(lease, "somebody"))
            .catch(() => undefined);
          await pass(step.turns);
        } else if (step.do === "release") {
          const lease = pick(step.which);
          if (lease !== undefined) leases.release(lease).catch(() => undefined);
          await pass(step.turns);
        } else if (step.do === "crash") {
          leases = world.start();
          await leases.reconcile(() => true);
        } else {
          const id = pick(step.which)?.workspaceId;
          const place = [...world.there.values()].find((one) => one.id === id);
          if (place === undefined) continue;
          place.work = step.do === "work";
          if (place.work) worked.add(place.id);
          else worked.delete(place.id);
        }
        const live = world.store.list();
        expect(new Set(live.map(({ workspace }) => workspace)).size).toBe(live.length);
        expect(live.every(({ number }) => number >= 1)).toBe(true);
        expect(world.lost).toEqual([]);
        const ids = new Set([...world.there.values()].map(({ id }) => id));
        expect([...worked].filter((id) => !ids.has(id))).toEqual([]);
      }

      leases = world.start();
      await leases.reconcile(() => false);
      expect(leases.list()).toEqual([]);
      expect([...world.there.values()].map(({ id }) => id).sort()).toEqual([...worked].sort());
    }),
    { numRuns: 300 },
  );
});
