import type { WorkspacesPorts } from "./api.ts";
import { createBoxes, type Boxes } from "./boxes.ts";
import { createEgressControl, type EgressControl } from "./egress/control.ts";
import { WsError } from "./errors.ts";
import { createEvents, type Events } from "./events.ts";
import { createOperations, type Operations } from "./operations.ts";
import type { CredentialSource } from "./credentials.ts";
import type { Forge } from "./forge.ts";
import { createMemoryPolicyStore, type RepositoryPolicyStore } from "./policy/policies.ts";
import { NO_CREDENTIALS } from "./no-credentials.ts";
import type { Decisions, PlaceSpec, Runtime } from "./ports.ts";
import { createRecords, type Records } from "./records.ts";
import { createUses, type Uses } from "./uses.ts";
import type { RuntimeName, WorkspaceId, WorkspaceRecord } from "./workspace.ts";

/** What every operation works with: the ports, and the few objects that keep them consistent. */
export interface Engine extends Omit<WorkspacesPorts, "egress"> {
  events: Events;
  records: Records;
  operations: Operations;
  boxes: Boxes;
  egress: EgressControl;
  credentials: CredentialSource;
  forges: readonly Forge[];
  decisions: Decisions;
  policies: RepositoryPolicyStore;
  /** Time of TTLs that ran and could not be written, on a full disk for example; none of it counts for one that begins anew. */
  unkept: Map<WorkspaceId, number>;
  uses: Uses;
  /** The worker's variables as each running workspace last heard of them. */
  told: Map<WorkspaceId, string>;
  runtime: (name: RuntimeName) => Runtime;
}

export function createEngine(ports: WorkspacesPorts): Engine {
  const events = createEvents();
  const runtime = (name: RuntimeName): Runtime => {
    const found = ports.runtimes.find((candidate) => candidate.name === name);
    if (found !== undefined) return found;
    throw new WsError("runtime_unavailable", {
      message: `This worker has no '${name}' runtime.`,
      next: `Use one of: ${ports.runtimes.map((candidate) => candidate.name).join(", ")}.`,
      data: { runtime: name },
    });
  };
  const records = createRecords({ store: ports.store, events, clock: ports.clock });
  const egress = createEgressControl({
    ports: ports.egress,
    records,
    boxes: () => boxes,
    list: () => ports.store.list(),
    events,
    clock: ports.clock,
    log: ports.log,
  });
  const boxes = createBoxes({
    runtimeOf: (record) => runtime(record.runtime),
    git: ports.git,
    egress,
    clock: ports.clock,
    log: ports.log,
  });
  return {
    ...ports,
    credentials: ports.credentials ?? NO_CREDENTIALS,
    forges: ports.forges ?? [],
    policies: ports.policies ?? createMemoryPolicyStore(),
    decisions: ports.decisions ?? {
      add: ({ workspace, ...decision }) => ports.log.info("decided", { workspace: workspace.name, ...decision }),
    },
    events,
    records,
    operations: createOperations(),
    boxes,
    egress,
    unkept: new Map(),
    uses: createUses(ports.clock),
    told: new Map(),
    runtime,
  };
}

/** What the runtime is told of a record. */
export function placeOf(record: WorkspaceRecord): PlaceSpec {
  const { id, name, profile, limits, image, docker, objects } = record;
  return {
    id,
    name,
    profile,
    limits,
    ...(image === undefined ? {} : { image }),
    ...(docker === undefined ? {} : { docker }),
    ...(objects === undefined ? {} : { objects }),
  };
}
