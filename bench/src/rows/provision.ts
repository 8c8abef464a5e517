import type { WorkspaceInfo } from "@ws/rpc-contract";
import { adopt } from "../adopt.ts";
import { type Bar, ratioAtMost } from "../bars.ts";
import { interleave } from "../harness.ts";
import type { GitPeer } from "../peers/git.ts";
import type { Context, Row } from "../row.ts";
import type { Worker } from "../worker/worker.ts";

/** From a running workspace to its own branch with the whole history, beside what git itself offers on this machine. */
function provision(
  name: string,
  peer: { name: string; bar: Bar; measure: (git: GitPeer, signal: AbortSignal) => Promise<number> },
): Row {
  return {
    name,
    title: `clone, repository seen before, beside ${peer.name}`,
    async measure(context) {
      const { git, worker } = await start(context);
      let count = 0;
      const samples = await interleave({
        async ours() {
          count += 1;
          const workspace = `bench-clone-${count}`;
          // Removed with its worker, for the reason told at GitPeer.clone.
          return stepMs(await create(worker, git.url, workspace, context.signal));
        },
        peer: (signal) => peer.measure(git, signal),
        rounds: 10,
        restMs: 250,
        signal: context.signal,
      });
      return { unit: "ms", ours: samples.ours, peer: { name: peer.name, samples: samples.peer }, bar: peer.bar };
    },
  };
}

export const provisionRows: readonly Row[] = [
  provision("provision", {
    name: "git clone --depth 1",
    bar: ratioAtMost(0.6),
    measure: (git, signal) => git.clone(["--depth=1"], signal),
  }),
  provision("provision-whole", {
    name: "git clone",
    bar: ratioAtMost(0.6),
    measure: (git, signal) => git.clone([], signal),
  }),
  provision("provision-worktree", {
    name: "git worktree add",
    bar: ratioAtMost(3),
    measure: (git, signal) => git.worktree(signal),
  }),
];

/** The first time: what the worker fetches while the container starts is waited for by the clone. */
export const provisionFirst: Row = {
  name: "provision-first",
  title: "create with a clone, repository never seen, beside docker run and git clone",
  async measure(context) {
    const { peers, signal } = context;
    const { image } = await context.workers.idle();
    const { git, worker } = await start(context);
    let count = 0;
    const samples = await interleave({
      async ours() {
        count += 1;
        const url = await git.copy();
        const began = performance.now();
        await create(worker, url, `bench-first-${count}`, signal);
        return performance.now() - began;
      },
      async peer() {
        const began = performance.now();
        const container = await peers.engine.runDetached(image, signal);
        await git.clone([], signal);
        const ms = performance.now() - began;
        await peers.engine.remove([container]);
        return ms;
      },
      rounds: 7,
      restMs: 250,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "docker run + git clone", samples: samples.peer },
      bar: ratioAtMost(1.2),
    };
  },
};

const AT_ONCE = Array.from({ length: 10 }, (_, index) => index);

/** Ten at once, until the last has its branch. */
export const provision10: Row = {
  name: "provision-10",
  title: "10 creates with a clone at once, repository seen before",
  async measure(context) {
    const { peers, signal } = context;
    const { image } = await context.workers.idle();
    const { git, worker } = await start(context);
    const names = AT_ONCE.map((index) => `bench-ten-${index}`);
    const samples = await interleave({
      async ours() {
        const began = performance.now();
        await Promise.all(names.map((name) => create(worker, git.url, name, signal)));
        const ms = performance.now() - began;
        await Promise.all(names.map((name) => worker.remove(name)));
        return ms;
      },
      async peer() {
        const began = performance.now();
        const containers = await Promise.all(
          AT_ONCE.map(async () => {
            const container = await peers.engine.runDetached(image, signal);
            await git.clone(["--depth=1"], signal);
            return container;
          }),
        );
        const ms = performance.now() - began;
        await peers.engine.remove(containers);
        return ms;
      },
      rounds: 3,
      warmups: 0,
      restMs: 1_000,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "10 docker run + git clone --depth 1", samples: samples.peer },
      bar: ratioAtMost(2),
    };
  },
};

async function start(context: Context): Promise<{ git: GitPeer; worker: Worker }> {
  const git = await context.peers.git();
  const worker = await adopt(context.cleanup, startWorker(context, git));
  await create(worker, git.url, "bench-seen", context.signal);
  return { git, worker };
}

async function startWorker({ peers, workers }: Context, { caFile }: GitPeer): Promise<Worker> {
  await peers.engine.require();
  return workers.start({ environment: { WS_RUNTIME: "docker", WS_GIT_CA: caFile } });
}

function create(worker: Worker, url: string, name: string, signal: AbortSignal): Promise<WorkspaceInfo> {
  return worker.client.workspaces.create({ name, clone: url }, { signal });
}

function stepMs({ startup }: WorkspaceInfo): number {
  const { startedAt, endedAt } = startup.steps.find(({ id }) => id === "clone") ?? {};
  if (startedAt === undefined || endedAt === undefined) throw new Error("The workspace was not cloned.");
  return Date.parse(endedAt) - Date.parse(startedAt);
}
