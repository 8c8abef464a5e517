import { isWsError, type WsError } from "../errors.ts";
import { createLeases, type LeasedWorkspaces, type Leases } from "../leases/leases.ts";
import type { WorkspaceId } from "../workspace.ts";
import { createManualClock } from "./manual-clock.ts";
import { createMemoryLeaseStore } from "./memory-leases.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const URL = "https://host.test/org/app";
export const asked = { project: "app", holder: "task-1", cloneUrl: URL };

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

/** Leases on such workspaces; `reborn` gives those of an agent that starts on the same store. */
export function setUp() {
  const places = createPlaces();
  const clock = createManualClock();
  const store = createMemoryLeaseStore();
  let ids = 0;
  const make = (): Leases =>
    createLeases({ store, workspaces: places.workspaces, clock, log: silent, newId: () => `lease-${++ids}` });
  return { ...places, clock, store, leases: make(), reborn: make };
}

/** The domain error that the work fails with. */
export async function failure(work: Promise<unknown>): Promise<WsError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (isWsError(error)) return error;
  throw new Error(`expected a domain error, not ${String(error)}`);
}
