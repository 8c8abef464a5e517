import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CliError, EXIT } from "../errors.ts";
import { given } from "../given.ts";
import type { Io } from "../io.ts";
import { VERSION } from "../version.ts";
import { lingers, linger, stopLingering } from "./lingering.ts";
import { awaitAgent, describedServices, lookAtAgent, type RunningAgent } from "./look.ts";
import { managerOf, userUnit, type Machine } from "./machine.ts";
import { foreign, readDescription } from "./note.ts";
import { lastingProgram } from "./program.ts";
import type { Scope, Service, ServiceManager } from "./service.ts";
import { checkStart, requireStartable } from "./startable.ts";

export interface Wanted {
  scope: Scope;
  /** The worker's own directory. */
  directory: string;
  /** What it had before where absent. */
  port?: number;
  linger?: true;
  /** Whose a service of the machine is, and their home. */
  user?: string;
  home?: string;
}

export interface Installed {
  manager: ServiceManager;
  service: Service;
  /** False where all of it was so already. */
  changed: boolean;
  agent: RunningAgent;
}

/**
 * Has the machine run this worker's agent, now and at every start, with the program that asks for it; the one that runs is started anew where that
 * is another. Throws `service_unavailable`, `service_foreign`, `service_elsewhere`, `service_program`, `service_failed`, `state_locked`,
 * and what keeps an agent from starting; then everything is as it was.
 */
export async function installService(io: Io, machine: Machine, wanted: Wanted): Promise<Installed> {
  const { scope, directory } = wanted;
  const manager = managerOf(machine, scope);
  await manager.requireThere();
  const program = lastingProgram(machine.program, machine.temporary);
  const before = requireOwn(machine, manager, wanted);
  await checkStart(directory);
  const state = await manager.state();
  const running = await lookAtAgent(io, directory);
  if (running !== undefined && running.pid !== state.pid) throw startedByHand(running, directory);

  const wish = wanted.linger === true && scope === "user" && manager.name === "systemd";
  const madeLinger = wish && !(await lingers(machine));
  const { port = before?.service.port, user } = wanted;
  const lingering = madeLinger ? true : before?.service.lingering;
  const service: Service = { scope, directory, program, ...given({ port, user, lingering }) };
  const text = manager.describe(service);
  if (before?.text === text && state.active === "active" && state.enabled && running?.version === VERSION) {
    return { manager, service, changed: false, agent: running };
  }
  if (madeLinger) await linger(machine);
  try {
    writeWhole(manager.file, text);
    await manager.begin();
    const agent = await awaitAgent(io, directory);
    if (agent === undefined) throw silent();
    return { manager, service, changed: true, agent };
  } catch (error) {
    const refusal = await takeBack(machine, manager, before, state.active === "active");
    if (refusal !== undefined) throw await withoutWayBack(error, refusal, directory);
    if (madeLinger) await stopLingering(machine);
    throw error;
  }
}

/** Ends the agent as a service and takes its description away; false where there was none. Workspaces, state and settings stay. */
export async function uninstallService(machine: Machine, scope: Scope): Promise<boolean> {
  const manager = managerOf(machine, scope);
  const described = readDescription(manager.file);
  if (described.kind === "none") return false;
  if (described.kind === "foreign") throw foreign(manager.file);
  await manager.requireThere();
  await manager.end();
  rmSync(manager.file, { force: true });
  await manager.forget();
  if (described.service.lingering === true) await stopLingering(machine);
  return true;
}

/** What this worker has as a service already. One worker has one, and one manager has one worker. */
function requireOwn(machine: Machine, manager: ServiceManager, { directory, user, home }: Wanted) {
  const theirs = home === undefined ? undefined : userUnit({ HOME: home });
  // Through sudo, what the machine calls the person's own is root's.
  if (theirs !== undefined && readDescription(theirs).kind === "ours") {
    throw new CliError("service_elsewhere", `${theirs} already runs an agent, as a service of ${user}.`, {
      next: `Take that one away first, as ${user} and without sudo: ws agent uninstall.`,
      exit: EXIT.conflict,
    });
  }
  for (const { manager: other, described } of describedServices(machine)) {
    if (described.kind !== "ours" || (other.file === manager.file && described.service.directory === directory))
      continue;
    const { scope, directory: theirs } = described.service;
    throw new CliError("service_elsewhere", `${other.file} already runs an agent, on ${theirs}.`, {
      next: `Take that one away first: ${scope === "system" ? "sudo ws agent uninstall --system" : "ws agent uninstall"}.`,
      exit: EXIT.conflict,
    });
  }
  const described = readDescription(manager.file);
  if (described.kind === "foreign") throw foreign(manager.file);
  return described.kind === "ours" ? described : undefined;
}

function startedByHand({ pid }: RunningAgent, directory: string): CliError {
  return new CliError("state_locked", `An agent that is no service runs on ${directory} (process ${pid}).`, {
    next: `Stop it ('kill ${pid}': workspaces and their terminals go on), then install the service.`,
    exit: EXIT.conflict,
  });
}

function silent(): CliError {
  return new CliError("service_failed", "The service was started, and its agent does not answer.", {
    next: "See why: ws agent logs.",
  });
}

/** Whole or not at all, and never through a link. */
function writeWhole(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(fresh, text, { mode: 0o644, flag: "wx" });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM" && code !== "EROFS") throw error;
    throw new CliError("permission_denied", `${file} cannot be written: ${message}.`, {
      next: "As root where it is the machine's: sudo ws agent install --system.",
      exit: EXIT.denied,
      cause: error,
    });
  }
}

/** Returns why the former program could not go on any more, where that is so: the new one has changed the state, and its unit is left. */
async function takeBack(
  machine: Machine,
  manager: ServiceManager,
  before: { text: string; service: Service } | undefined,
  wasActive: boolean,
): Promise<CliError | undefined> {
  const refusal = before && (await requireStartable(machine, before.service).catch((error: unknown) => error));
  if (refusal instanceof CliError) return refusal;
  try {
    if (before === undefined) {
      await manager.end().catch(() => undefined);
      rmSync(manager.file, { force: true });
      await manager.forget();
    } else {
      writeWhole(manager.file, before.text);
      await (wasActive ? manager.begin() : manager.forget());
    }
  } catch {
    // What failed first is what is told.
  }
  return undefined;
}

/** What failed first is what is told, with what it means that it cannot be taken back. */
async function withoutWayBack(error: unknown, refusal: CliError, directory: string): Promise<unknown> {
  if (!(error instanceof CliError)) return error;
  const { newestCopy } = await import("@ws/agent/service");
  const copy = newestCopy(join(directory, "state.db"));
  const kept = copy === undefined ? "" : ` The state as it was before is ${copy}.`;
  return new CliError(error.code, error.message, {
    next: `${error.next ?? ""} The new unit is left, because the former program cannot go on (${refusal.message.replace(/\.$/, "")}).${kept}`.trim(),
    exit: error.exit,
    cause: error,
  });
}
