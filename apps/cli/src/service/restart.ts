import { existsSync, readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { CliError, EXIT } from "../errors.ts";
import type { Io } from "../io.ts";
import { createReader, type Place } from "./agent-log.ts";
import { NOT_RESTARTED } from "./in-place.ts";
import { awaitAgent, describedServices, logPath, lookAtAgent, type RunningAgent } from "./look.ts";
import { startsServices, type Machine } from "./machine.ts";
import type { Service, ServiceManager } from "./service.ts";
import { requireStartable } from "./startable.ts";

export interface Restarted {
  before: RunningAgent | undefined;
  agent: RunningAgent;
}

/**
 * Puts the present program in the place of the agent of a directory: by its manager where it is a service, otherwise where it runs, in the same process
 * and terminal. An agent that could not start again goes on. Throws `agent_unreachable`, `restart_failed`, `service_program` and what keeps it from starting.
 */
export async function restartAgent(io: Io, machine: Machine, directory: string): Promise<Restarted> {
  const before = await lookAtAgent(io, directory);
  const service = await serviceOf(machine, directory);
  if (service !== undefined && (service.manager.scope === "user" || machine.uid === 0)) {
    const { active, pid } = await service.manager.state();
    if (before === undefined || pid === before.pid || active === "activating") {
      await requireStartable(machine, service.service);
      await service.manager.restart();
      return { before, agent: await renewed(io, directory, before) };
    }
  }
  if (before === undefined) {
    throw nothingRuns(service?.manager.scope === "system", await startsServices(machine));
  }
  return { before, agent: await restartInPlace(io, directory, before) };
}

async function serviceOf(
  machine: Machine,
  directory: string,
): Promise<{ manager: ServiceManager; service: Service } | undefined> {
  for (const { manager, described } of describedServices(machine)) {
    if (described.kind !== "ours" || described.service.directory !== directory) continue;
    // One whose manager does not run has not started what runs.
    if (await startsServices({ managers: [manager] })) return { manager, service: described.service };
  }
  return undefined;
}

/** It is asked by a signal, and says in its log where it does not do it. */
async function restartInPlace(io: Io, directory: string, before: RunningAgent): Promise<RunningAgent> {
  requireHeeded(before);
  const within = AbortSignal.timeout(RESTART_MS);
  // One that is still starting would be taken for its own successor.
  const started = await awaitAgent(io, directory, ({ info }) => info !== undefined, within);
  if (started === undefined) throw stillStarting(before);
  using said = createReader(logPath(directory), logEnd(directory));
  signal(started.pid);
  while (!within.aborted) {
    await sleep(TRY_MS);
    const refusal = said
      .read()
      .map(logged)
      .find(({ msg }) => msg === NOT_RESTARTED);
    if (refusal !== undefined) throw refused(refusal);
    if (!isThere(started.pid)) throw gone();
    const agent = await lookAtAgent(io, directory, within);
    if (agent !== undefined && isRenewed(agent, started)) return agent;
  }
  throw silent(started);
}

function logged(line: string): { msg?: unknown; error?: unknown; next?: unknown } {
  try {
    return JSON.parse(line) as { msg?: unknown };
  } catch {
    return {};
  }
}

function logEnd(directory: string): Place {
  const found = statSync(logPath(directory), { throwIfNoEntry: false });
  return { inode: found?.ino ?? 0, offset: found?.size ?? 0 };
}

async function renewed(io: Io, directory: string, before: RunningAgent | undefined): Promise<RunningAgent> {
  const agent = await awaitAgent(io, directory, (found) => isRenewed(found, before));
  if (agent === undefined) throw gone();
  return agent;
}

function isRenewed({ info }: RunningAgent, before: RunningAgent | undefined): boolean {
  return info !== undefined && info.started !== before?.info?.started;
}

/** One that does not know the signal would be ended by it. */
function requireHeeded({ pid }: RunningAgent): void {
  if (!existsSync("/proc/self/status") || !existsSync(`/proc/${pid}/status`)) return;
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  if ((BigInt(`0x${caught}`) & SIGUSR2) !== 0n) return;
  throw new CliError("restart_failed", `The agent (process ${pid}) cannot be restarted where it runs.`, {
    next: `Stop it ('kill ${pid}': workspaces and their terminals go on), and start it again: ws agent run.`,
  });
}

const SIGUSR2 = 1n << 11n;

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGUSR2");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw gone();
    throw new CliError("permission_denied", `The agent (process ${pid}) is another user's.`, {
      next: "Restart it as that user, or as root: sudo ws agent restart --system.",
      exit: EXIT.denied,
    });
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function refused({ error, next }: { error?: unknown; next?: unknown }): CliError {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const text = typeof message === "string" ? message : "The agent refused.";
  return new CliError(typeof code === "string" ? code : "restart_failed", text, {
    next: `${typeof next === "string" ? `${next} ` : ""}The agent goes on as it was.`,
  });
}

function gone(): CliError {
  return new CliError("restart_failed", "The agent did not come back.", {
    next: "See why with 'ws agent logs', and start it again: ws agent run. Workspaces and their terminals go on.",
  });
}

function stillStarting({ pid }: RunningAgent): CliError {
  return new CliError("restart_failed", `The agent (process ${pid}) is still starting, and was left to that.`, {
    next: "See what it waits for with 'ws agent logs', and try again.",
  });
}

function silent({ pid }: RunningAgent): CliError {
  return new CliError("restart_failed", `The agent (process ${pid}) did not begin anew within a minute.`, {
    next: "See why with 'ws agent logs'. Workspaces and their terminals go on.",
  });
}

function nothingRuns(isMachines: boolean, canBeService: boolean): CliError {
  return new CliError("agent_unreachable", "No agent runs on this machine.", {
    next: isMachines
      ? "It is a service of the machine: sudo ws agent restart --system."
      : `Start it: ws agent run${canBeService ? ", or as a service: ws agent install" : ""}.`,
    exit: EXIT.unavailable,
  });
}

const TRY_MS = 100;
const RESTART_MS = 60_000;
