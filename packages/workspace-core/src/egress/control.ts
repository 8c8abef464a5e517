import type { Boxes } from "../boxes.ts";
import { toWsError, WsError } from "../errors.ts";
import type { Events } from "../events.ts";
import type { Box, Clock, Log } from "../ports.ts";
import type { Records } from "../records.ts";
import type { WorkspaceId, WorkspaceRecord } from "../workspace.ts";
import { decideEgress, egressList, type EgressList, type WorkerEgress, type WorkspaceEgress } from "./decide.ts";
import { denies, parseEgressDenial } from "./denials.ts";
import type { Egress, EgressTarget, EgressWay } from "./egress.ts";
import { EGRESS_PORT, egressEnvironment } from "./environment.ts";
import { createRefusals } from "./refusals.ts";
import { withAllowed, withDenied } from "./rule-changes.ts";
import { parseEgressRule } from "./rules.ts";
import type { EgressNetwork, EgressState, WorkspacesEgress } from "./workspace-egress.ts";

/** The way out of workspaces of the profile `agent`, and what the worker says to all of them. */
export interface EgressPorts {
  way: Egress;
  /** Asked for every connection, so that a change holds for the next one. */
  worker(): WorkerEgress;
  /** Told of what was refused, now and then. */
  refused(refusal: EgressTarget & { workspace: { id: WorkspaceId; name: string }; why: string }): void;
}

export interface EgressControl {
  readonly workspaces: WorkspacesEgress;
  /** Opens the way out of a Box. Throws what it meets; there is none then. */
  attach(box: Box, record: WorkspaceRecord, signal: AbortSignal): Promise<void>;
  isAttached(box: Box): boolean;
  /** What leads the programs of a workspace out of it. */
  environment(box: Box, record: WorkspaceRecord): Readonly<Record<string, string>>;
  forget(id: WorkspaceId): void;
}

export interface EgressControlOptions {
  ports: EgressPorts | undefined;
  records: Records;
  boxes: () => Boxes;
  list: () => readonly WorkspaceRecord[];
  events: Events;
  clock: Pick<Clock, "now" | "monotonic">;
  log: Log;
}

const NOTHING: WorkspaceEgress = { allow: [], deny: [] };
const EMPTY: EgressList = { allow: [], deny: [] };

export function createEgressControl(options: EgressControlOptions): EgressControl {
  const { ports, records, boxes, events, clock, log } = options;
  const ways = new WeakMap<Box, EgressWay>();
  const refusals = createRefusals(clock);
  const failures = new Map<WorkspaceId, string>();

  /** A workspace that is gone reaches nothing. */
  function listOf(id: WorkspaceId): EgressList {
    const { egress, profile } = records.byId(id);
    return ports === undefined || profile !== "agent" ? EMPTY : egressList(ports.worker(), egress);
  }

  function refused(id: WorkspaceId, { host, port }: EgressTarget, why: string, rule?: string): void {
    if (!refusals.add(id, { host, port }, why, rule)) return;
    const { name } = records.byId(id);
    events.emit({ type: "egress_refused", id, name, host, port });
    ports?.refused({ workspace: { id, name }, host, port, why });
  }

  function networkOf({ id, profile }: WorkspaceRecord): { network: EgressNetwork; why?: string } {
    if (profile !== "agent") return { network: "open" };
    const why = ports === undefined ? "This worker has no way out for it." : failures.get(id);
    return why === undefined ? { network: "listed" } : { network: "none", why };
  }

  function stateOf(record: WorkspaceRecord): EgressState {
    return { ...networkOf(record), list: listOf(record.id), own: record.egress ?? NOTHING };
  }

  function requireListed(name: string): WorkspaceRecord {
    const record = records.get(name);
    if (record.profile === "agent") return record;
    throw new WsError("invalid_input", {
      message: `'${name}' has the profile 'person': its network is open, and nothing in it is allowed host by host.`,
      next: `Make one that is not: ws start NAME --profile agent.`,
      data: { field: "name" },
    });
  }

  function change({ id }: WorkspaceRecord, of: (egress: WorkspaceEgress) => WorkspaceEgress): EgressState {
    const changed = records.change(id, (record) => ({ ...record, egress: of(record.egress ?? NOTHING) }));
    review(id);
    return stateOf(changed);
  }

  function review(id: WorkspaceId): void {
    const box = boxes().opened(id);
    if (box !== undefined) ways.get(box)?.review();
  }

  return {
    workspaces: {
      get: (name) => stateOf(records.get(name)),
      refusals: (name) => refusals.list(records.get(name).id),
      allow(name, rule) {
        const record = requireListed(name);
        const asked = parseEgressRule(rule);
        const denied = ports?.worker().deny.find((each) => denies(parseEgressDenial(each), asked));
        if (denied !== undefined) throw deniedEverywhere(asked.host, denied);
        return change(record, (egress) => withAllowed(egress, rule));
      },
      deny(name, host) {
        const others = ports === undefined ? [] : egressList(ports.worker()).allow;
        return change(requireListed(name), (egress) => withDenied(egress, host, others));
      },
      review: () => options.list().forEach(({ id }) => review(id)),
    },
    async attach(box, record, signal) {
      if (ports === undefined) return;
      const { id } = record;
      try {
        const way = await ports.way.attach(box, {
          port: EGRESS_PORT,
          decide: (asked) => decideEgress(listOf(id), asked),
          refused: (asked, why, rule) => refused(id, asked, why, rule),
          signal,
        });
        ways.set(box, way);
        failures.delete(id);
      } catch (error) {
        const why = toWsError(error).message;
        // Said once, not at each start of a Box.
        if (failures.get(id) !== why && !signal.aborted) {
          records.log(id, "agent", `There is no way out of this workspace. ${why}`);
          log.warn("there is no way out of a workspace", { workspace: record.name, error });
        }
        failures.set(id, why);
        throw error;
      }
    },
    isAttached: (box) => ways.has(box),
    environment(box, { profile }) {
      if (ports === undefined || profile !== "agent") return {};
      // One that could not be opened just now is where it always is as soon as it can.
      const way = ways.get(box);
      if (way === undefined && box.missing.includes("listen")) return {};
      return egressEnvironment(way?.port ?? EGRESS_PORT);
    },
    forget(id) {
      refusals.forget(id);
      failures.delete(id);
    },
  };
}

function deniedEverywhere(host: string, by: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `${host} is denied to all workspaces of this worker, by '${by}'.`,
    next: "Change that first: ws config get egress.deny.",
    data: { field: "rule" },
  });
}
