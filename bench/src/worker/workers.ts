import { adopt } from "../adopt.ts";
import { output } from "../commands.ts";
import type { GitPeer } from "../peers/git.ts";
import { type LargeTree, startLargeTree } from "./large-tree.ts";
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
  /** One with a repository of a hundred thousand files, on a worker of its own. */
  largeTree: () => Promise<LargeTree>;
  /** One for a single row, which disposes it. */
  start: (options?: Omit<WorkerOptions, "signal">) => Promise<Worker>;
}

/** Workers that are started when a row first asks, and removed with the run. */
export function createWorkers(options: {
  cleanup: AsyncDisposableStack;
  requireEngine: () => Promise<void>;
  git: () => Promise<GitPeer>;
  signal: AbortSignal;
}): Workers {
  const { cleanup, requireEngine, git, signal } = options;
  let shared: Promise<Worker> | undefined;
  let idle: Promise<IdleWorkspace> | undefined;
  let largeTree: Promise<LargeTree> | undefined;

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

  async function openLargeTree(): Promise<LargeTree> {
    await requireEngine();
    return adopt(cleanup, startLargeTree(await git(), signal));
  }

  const workers: Workers = {
    shared: () => (shared ??= startShared()),
    idle: () => (idle ??= createIdle()),
    largeTree: () => (largeTree ??= openLargeTree()),
    start: (own) => startWorker({ ...own, signal }),
  };
  return workers;
}
