import {
  isWsError,
  throwIfAborted,
  timeLimit,
  type Clock,
  type Log,
  type Runtime,
  type RuntimeName,
  type RuntimeStatus,
} from "@ws/workspace-core";
import type { Adapters } from "./adapters.ts";

export interface Choice {
  /** The first is what new workspaces run on. */
  runtimes: [Runtime, ...Runtime[]];
  /** Of the first; undefined where its engine does not answer. */
  status: RuntimeStatus | undefined;
}

export interface ChoiceOptions {
  adapters: Pick<Adapters, "runtime">;
  setting: "auto" | RuntimeName;
  /** What was chosen before. */
  recorded: RuntimeName | undefined;
  record: (runtime: RuntimeName) => void;
  clock: Clock;
  log: Log;
  /** Aborts when the agent is to go away again. */
  signal: AbortSignal;
  probeMs?: number;
}

/**
 * Docker wherever an engine answers, else local. Once Docker was used an engine that is away is an error and never a
 * silent change to something less isolated; `local` then has to be asked for at each create. Throws `aborted`.
 */
export async function chooseRuntimes(options: ChoiceOptions): Promise<Choice> {
  const { adapters, setting, recorded, record, clock, log, signal, probeMs = 5_000 } = options;
  const local = await adapters.runtime.local();
  if (setting === "local") {
    // Workspaces made in containers earlier stay usable, and stay known for the day the setting goes.
    const others = recorded === "docker" ? [await adapters.runtime.docker()] : [];
    if (recorded === undefined) record("local");
    return { runtimes: [local, ...others], status: await local.status() };
  }
  const docker = await findDocker(options);
  const status =
    docker === undefined ? undefined : await probe(docker, { within: timeLimit(clock, probeMs), log, signal });
  // An engine that was not waited for has not said that it is away.
  throwIfAborted(signal);
  if (docker !== undefined && (status !== undefined || setting === "docker" || recorded === "docker")) {
    record("docker");
    if (status === undefined) {
      log.error("the Docker engine does not answer; workspaces in containers wait for it", {
        next: "Start it (systemctl start docker), or create with '--runtime local', which does not isolate as well.",
      });
    }
    return { runtimes: [docker, local], status };
  }
  record("local");
  return { runtimes: [local], status: await local.status() };
}

/** A DOCKER_HOST that cannot be used is an error only for those who need Docker. */
async function findDocker({ adapters, setting, recorded, log }: ChoiceOptions): Promise<Runtime | undefined> {
  try {
    return await adapters.runtime.docker();
  } catch (error) {
    if (!isWsError(error, "engine_unreachable") || setting === "docker" || recorded === "docker") throw error;
    log.warn("Docker is not used", { error });
    return undefined;
  }
}

async function probe(
  docker: Runtime,
  { within, log, signal }: { within: ReturnType<typeof timeLimit>; log: Log; signal: AbortSignal },
): Promise<RuntimeStatus | undefined> {
  using limit = within;
  try {
    return await docker.status(AbortSignal.any([limit.signal, signal]));
  } catch (error) {
    if (!isWsError(error)) throw error;
    log.debug("no Docker engine answers", { error });
    return undefined;
  }
}
