import { given } from "../given.ts";
import type { Io } from "../io.ts";
import { VERSION } from "../version.ts";
import { describedServices, logPath, lookAtAgent } from "./look.ts";
import { startsServices, type Machine } from "./machine.ts";
import type { Scope, ServiceManager, ServiceState } from "./service.ts";

export interface AgentStatus {
  running: boolean;
  pid?: number;
  /** ISO 8601. */
  since?: string;
  version?: string;
  /** The version of the program that asks. */
  installed: string;
  url?: string;
  /** How long its health took, in milliseconds. */
  tookMs?: number;
  /** What devices remember of its TLS key. */
  pin?: string;
  service?: {
    manager: ServiceManager["name"];
    scope: Scope;
    file: string;
    active: string;
    enabled: boolean;
    /** Why the manager does not run it, where it does not. */
    problem?: string;
  };
  /** Where it is no service: whether something is here that could make it one. */
  canBeService?: boolean;
  directory: string;
  log: string;
}

/** How the agent of a directory is, and how it stands with the manager of services, if it is one. */
export async function agentStatus(io: Io, machine: Machine, directory: string): Promise<AgentStatus> {
  const agent = await lookAtAgent(io, directory);
  const { pid, version, tookMs, info } = agent ?? {};
  const { started: since, address: url, pin } = info ?? {};
  const service = await serviceStatus(machine, directory, pid);
  const canBeService = service === undefined ? await startsServices(machine) : undefined;
  return {
    running: agent !== undefined,
    ...given({ pid, since, version }),
    installed: VERSION,
    ...given({ url, tookMs, pin, service, canBeService }),
    directory,
    log: logPath(directory),
  };
}

async function serviceStatus(
  machine: Machine,
  directory: string,
  pid: number | undefined,
): Promise<AgentStatus["service"]> {
  for (const { manager, described } of describedServices(machine)) {
    if (described.kind !== "ours" || described.service.directory !== directory) continue;
    const { name, scope, file } = manager;
    const about = { manager: name, scope, file };
    try {
      await manager.requireThere();
    } catch (error) {
      return { ...about, active: "unknown", enabled: false, problem: (error as Error).message };
    }
    const state = await manager.state();
    return { ...about, active: state.active, enabled: state.enabled, ...given({ problem: problemOf(state, pid) }) };
  }
  return undefined;
}

function problemOf(state: ServiceState, pid: number | undefined): string | undefined {
  if (pid === undefined || state.pid === pid) return undefined;
  return "the agent that runs was started by hand";
}
