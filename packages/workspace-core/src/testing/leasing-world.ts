import { throwIfAborted } from "../aborted.ts";
import { createLeases, type LeasedWorkspaces } from "../leases/leases.ts";
import type { Clock } from "../ports.ts";
import { taskLeases } from "../tasks/task-leases.ts";
import type { TaskLeases } from "../tasks/leasing.ts";
import type { WorkspaceId } from "../workspace.ts";
import { createMemoryLeaseStore } from "./memory-leases.ts";
import type { FakePlace } from "./task-world.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Leases of numbered places among those of a world of tasks; what is kept of them lives on when an agent is made anew. */
export function createLeasingWorld(world: {
  clock: Clock;
  places: ReadonlyMap<WorkspaceId, FakePlace>;
  place: (name: string, more: Partial<FakePlace>) => FakePlace;
  remove: (id: WorkspaceId) => void;
  most?: number;
}) {
  const { clock, places, place, remove, most } = world;
  const store = createMemoryLeaseStore();
  const keys = new Map<WorkspaceId, string>();
  /** What making the next ones throws, and what it waits for. */
  const trouble: { fails?: Error | undefined; gate?: Promise<void> | undefined } = {};
  /** All that were ever made. */
  const made: WorkspaceId[] = [];
  let ids = 0;

  const byName = (name: string): FakePlace | undefined => [...places.values()].find((one) => one.name === name);
  const workspaces: LeasedWorkspaces = {
    find(name) {
      const found = byName(name);
      const key = found === undefined ? undefined : keys.get(found.id);
      return found === undefined ? undefined : { id: found.id, ...(key === undefined ? {} : { key }) };
    },
    async create({ name, key }, signal) {
      await trouble.gate;
      throwIfAborted(signal);
      if (trouble.fails !== undefined) throw trouble.fails;
      const id: WorkspaceId = `ws-leased${made.length + 1}`;
      keys.set(id, key);
      made.push(id);
      place(name, { id });
      return id;
    },
    prepare: async () => undefined,
    directory: () => "/repository",
    async discard(id) {
      remove(id);
      return { kept: false };
    },
  };

  return {
    store,
    made,
    trouble,
    /** As an agent has them: what the one before was cut off in the middle of is given back first. */
    boot(): TaskLeases {
      const leases = createLeases({ store, workspaces, clock, log: silent, newId: () => `lease-${++ids}` });
      const reconciled = leases.reconcile(({ workspaceId }) => workspaceId !== undefined && places.has(workspaceId));
      // Whoever waits for it hears of it; an agent that is killed in it has nobody.
      reconciled.catch(() => undefined);
      return taskLeases({
        store,
        leases: async () => {
          await reconciled;
          return leases;
        },
        material: async ({ resolved: { cloneUrl = "" } }) => ({
          cloneUrl,
          ...(most === undefined ? {} : { limit: most }),
        }),
        isThere: (id) => places.has(id),
      });
    },
  };
}
