import type { WorkerInfo } from "@ws/rpc-contract";
import { connectAgent } from "../agent-connection.ts";
import type { Context } from "../context.ts";
import { CliError, toCliError } from "../errors.ts";
import type { Worker } from "../known-workers.ts";
import { targetOf, type Target } from "../target.ts";
import { knownTo, PATIENCE_MS, workersBehind } from "./behind.ts";

/** A worker that commands can be for, and what leads to it. */
export interface ListedWorker extends Partial<Omit<WorkerInfo, "name" | "state">> {
  name: string;
  /** `device`, where this device reaches it by itself; else what the agent is called that it dials out to. */
  via: string;
  /** Whether commands are for it where nothing else is said. */
  current?: true;
  /** `refused`: it answers, and does not let this device in. */
  state: WorkerInfo["state"] | "refused";
  url?: string;
  /** Why it could not be asked. */
  problem?: string;
}

export const VIA_DEVICE = "device";

const AT_ONCE = 5;

/** Those that this device knows, each asked how it is, then those behind the agent that commands are for. One that is silent holds up nobody. */
export async function listWorkers(context: Context): Promise<ListedWorker[]> {
  const { all, current } = knownTo(context);
  const [own, behind] = await Promise.all([askAll(context, all, current), workersBehind(context, all.length > 0)]);
  return [...own, ...(behind?.workers ?? []).map((worker) => ({ ...worker, via: behind?.via ?? "" }))];
}

async function askAll({ io }: Context, known: readonly Worker[], current: Worker | undefined): Promise<ListedWorker[]> {
  const listed: ListedWorker[] = [];
  const rest = known.entries();
  const askNext = async (): Promise<void> => {
    for (const [at, worker] of rest) {
      const { name, url } = worker;
      const isCurrent = name === current?.name;
      // With the token and the pin of the surroundings, where those have some.
      const said = await askAgent(io, targetOf(isCurrent ? current : worker));
      listed[at] = { name, via: VIA_DEVICE, url, ...(isCurrent ? { current: true } : {}), ...said };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askNext));
  return listed;
}

/** How the agent there is, as far as it tells within a moment. */
export async function askAgent(io: Context["io"], target: Target): Promise<Omit<ListedWorker, "name" | "via">> {
  try {
    const { client } = await connectAgent(io, target);
    const info = await client.info(undefined, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { hostname, version, workspacesCount: workspaces } = info;
    return { state: "online", hostname, version, workspaces };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      return { state: "offline", problem: "it did not answer in time" };
    }
    const { code, message } = error instanceof CliError ? error : toCliError(error);
    return { state: code === "agent_unreachable" ? "offline" : "refused", problem: message };
  }
}
