import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { InfoResponse } from "@ws/rpc-contract";
import { socketPath } from "@ws/agent/paths";
import { connectAgent } from "../agent-connection.ts";
import { CliError, EXIT } from "../errors.ts";
import type { Io } from "../io.ts";
import { readDescription, type Described } from "./note.ts";
import type { Machine } from "./machine.ts";
import type { ServiceManager } from "./service.ts";

/** An agent that answers over the socket of its directory, whoever started it. */
export interface RunningAgent {
  pid: number;
  version: string;
  /** How long `/health` took, in milliseconds. */
  tookMs: number;
  /** Absent while it is still starting. */
  info?: InfoResponse;
}

/** Nothing where none answers within three seconds, or by the time the signal aborts. */
export async function lookAtAgent(io: Io, directory: string, within?: AbortSignal): Promise<RunningAgent | undefined> {
  const soon = () => AbortSignal.any([AbortSignal.timeout(ANSWER_MS), ...(within === undefined ? [] : [within])]);
  const path = socketPath(directory);
  const { answersHealth, lastHolder } = await import("@ws/agent/service");
  const asked = performance.now();
  const health = await answersHealth(path, soon());
  if (health === undefined) return undefined;
  const tookMs = Math.round(performance.now() - asked);
  const { client } = await connectAgent(io, { kind: "socket", path });
  const info = await client.info(undefined, { signal: soon() }).catch(() => undefined);
  // Whoever answers there has the lock.
  const running = { pid: lastHolder(directory), version: health.version, tookMs };
  return info === undefined ? running : { ...running, info };
}

/** Resolves to the agent once it answers and is what is waited for, or to nothing where that takes too long. */
export async function awaitAgent(
  io: Io,
  directory: string,
  isMeant: (agent: RunningAgent) => boolean = () => true,
  within: AbortSignal = AbortSignal.timeout(START_MS),
): Promise<RunningAgent | undefined> {
  while (!within.aborted) {
    const agent = await lookAtAgent(io, directory, within);
    if (agent !== undefined && isMeant(agent)) return agent;
    await sleep(TRY_MS);
  }
  return undefined;
}

const ANSWER_MS = 3_000;
const TRY_MS = 100;
const START_MS = 30_000;

/** What stands where the machine's managers look, the person's own first. */
export function describedServices({ managers }: Machine): { manager: ServiceManager; described: Described }[] {
  return managers.map((manager) => ({ manager, described: readDescription(manager.file) }));
}

/** The worker whose agent the machine itself runs, where it does. */
export function systemDirectory(machine: Machine): string | undefined {
  const services = describedServices(machine).filter(({ manager }) => manager.scope === "system");
  return services.map(({ described }) => (described.kind === "ours" ? described.service.directory : undefined))[0];
}

/**
 * The directory that a question is about: of the machine's service where that is asked for and there, otherwise the caller's own. Throws
 * `permission_denied` for another's.
 */
export function directoryOf(machine: Machine, own: string, isSystem: boolean): string {
  const directory = isSystem ? (systemDirectory(machine) ?? own) : own;
  try {
    accessSync(directory, constants.R_OK | constants.X_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") return directory;
    throw new CliError("permission_denied", `${directory} is another user's.`, {
      next: "Ask as that user, or as root: sudo ws agent status --system.",
      exit: EXIT.denied,
      cause: error,
    });
  }
  return directory;
}

/** What starts the agent of a directory; one that is a service is not started beside it. */
export function howToStart(machine: Machine, directory: string): string {
  for (const { manager, described } of describedServices(machine)) {
    if (described.kind !== "ours" || described.service.directory !== directory) continue;
    return manager.scope === "system" ? "sudo ws agent restart --system" : "ws agent restart";
  }
  return "ws agent run";
}

export function logPath(directory: string): string {
  return join(directory, "agent.log");
}
