import { adopt } from "../adopt.ts";
import { output } from "../commands.ts";
import { startWorker, type Worker, type WorkerOptions } from "./worker.ts";

export interface IdleWorkspace {
  worker: Worker;
  id: `ws-${string}`;
  name: string;
  containerId: string;
  image: string;
}

export interface Workers {
  /** The worker on Docker that rows share. Throws `NotAvailable` where no engine answers. */
  shared: () => Promise<Worker>;
  /** A running workspace on it that does nothing unless a row makes it. */
  idle: () => Promise<IdleWorkspace>;
  /** One for a single row, which disposes it. */
  start: (options?: Omit<WorkerOptions, "signal">) => Promise<Worker>;
}

/** Workers that are started when a row first asks, and removed with the run. */
export function createWorkers(options: {
  cleanup: AsyncDisposableStack;
  requireEngine: () => Promise<void>;
  signal: AbortSignal;
}): Workers {
  const { cleanup, requireEngine, signal } = options;
  let shared: Promise<Worker> | undefined;
  let idle: Promise<IdleWorkspace> | undefined;

  async function startShared(): Promise<Worker> {
    await requireEngine();
    return adopt(cleanup, startWorker({ environment: { WS_RUNTIME: "docker" }, signal }));
  }

  async function createIdle(): Promise<IdleWorkspace> {
    const worker = await workers.shared();
    const { id, name, containerId } = await worker.create("bench-idle");
    // Asked of the engine: the agent names an image only where somebody chose one.
    const image = await output("docker", ["inspect", "--format", "{{.Config.Image}}", containerId], { signal });
    return { worker, id: id as IdleWorkspace["id"], name, containerId, image };
  }

  const workers: Workers = {
    shared: () => (shared ??= startShared()),
    idle: () => (idle ??= createIdle()),
    start: (own) => startWorker({ ...own, signal }),
  };
  return workers;
}
