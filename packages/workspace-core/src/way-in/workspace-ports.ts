import type { Engine } from "../engine.ts";
import { isWsError, WsError } from "../errors.ts";
import { openRunning } from "../open-running.ts";
import type { ByteChannel } from "../ports.ts";
import { reasonOf } from "../reasons.ts";
import { statusOf } from "../workspace.ts";
import { inTime } from "../time-limit.ts";
import { countedAsUse } from "./counted-as-use.ts";
import { listenersOf, type Listener } from "./listeners.ts";
import { parseNamedPorts, type NamedPort } from "./named-ports.ts";

/** A port of a workspace: one that has a name, one on which something listens, or both. */
export interface WorkspacePort extends Partial<Omit<Listener, "port">>, Partial<Omit<NamedPort, "port">> {
  port: number;
  listening: boolean;
}

const ASK_MS = 10_000;

/** The ports of workspaces, as people and their programs reach them. Names are checked first: every method throws `workspace_not_found`. */
export interface WorkspacePorts {
  /** By number. What the worker itself listens on there is left out; of one that does not run, those with a name are told. Throws `timeout`. */
  list(name: string, signal?: AbortSignal): Promise<WorkspacePort[]>;
  /** Gives these ports their names, and takes all others away. Throws `invalid_input`. */
  name(name: string, ports: readonly NamedPort[]): readonly NamedPort[];
  named(name: string): readonly NamedPort[];
  /** A connection to a port of its loopback, which counts as use while it is open. Throws `workspace_not_running`, `connection_refused`. */
  connect(name: string, port: number, signal?: AbortSignal): Promise<ByteChannel>;
}

export function createWorkspacePorts(engine: Engine): WorkspacePorts {
  const { records } = engine;

  async function listenersIn(name: string, signal?: AbortSignal): Promise<Listener[]> {
    if (statusOf(records.get(name)) !== "running") return [];
    const { box, record } = await openRunning(engine, name, signal);
    const limit = { ms: ASK_MS, signal, late: (cause: unknown) => late(name, cause) };
    const found = await inTime(engine.clock, limit, (ending) => listenersOf(box, ending)).catch(
      async (error: unknown) => {
        // Without Perl nobody tells.
        if (isWsError(error, "command_not_found")) return [];
        throw await reasonOf(engine, record, error);
      },
    );
    // On the local runtime all listen on one loopback, and only its own processes can be looked into.
    const mine = record.runtime === "local" ? found.filter(({ pid }) => pid !== undefined) : found;
    return mine.filter(({ port }) => !engine.boxes.ownPorts(record.id).has(port));
  }

  return {
    async list(name, signal) {
      const ports = new Map<number, WorkspacePort>();
      const listeners = await listenersIn(name, signal);
      for (const listener of listeners) ports.set(listener.port, { ...listener, listening: true });
      for (const named of records.get(name).ports ?? []) {
        ports.set(named.port, { listening: false, ...ports.get(named.port), ...named });
      }
      return [...ports.values()].sort((one, other) => one.port - other.port);
    },
    name(name, given) {
      const ports = parseNamedPorts(given);
      records.change(records.get(name).id, ({ ports: _before, ...record }) =>
        ports.length === 0 ? record : { ...record, ports },
      );
      return ports;
    },
    named: (name) => records.get(name).ports ?? [],
    async connect(name, port, signal) {
      if (!Number.isInteger(port) || port < 1 || port > 65_535) {
        throw new WsError("invalid_input", {
          message: `'${port}' is not a port.`,
          next: "Use 1 to 65535.",
          data: { field: "port" },
        });
      }
      const { box, record } = await openRunning(engine, name, signal);
      const channel = await box.connect(port, signal).catch(async (error: unknown) => {
        throw await reasonOf(engine, record, error);
      });
      return countedAsUse(channel, (work) => engine.uses.during(record.id, work));
    },
  };
}

function late(name: string, cause: unknown): WsError<"timeout"> {
  return new WsError("timeout", {
    message: `'${name}' did not tell within ${ASK_MS / 1_000} s what listens in it.`,
    next: `Try again; see what keeps it busy: ws exec ${name} -- ps aux.`,
    data: { afterMs: ASK_MS },
    cause,
  });
}
