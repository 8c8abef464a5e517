import { every, medianAtMost, p95AtMost, ratioAtMost } from "../bars.ts";
import { interleave, timed } from "../harness.ts";
import { residentMB } from "../memory.ts";
import { NotAvailable } from "../not-available.ts";
import type { Context, Row } from "../row.ts";
import type { LargeTree } from "../worker/large-tree.ts";
import { settled } from "../worker/settled.ts";

const LIMIT_MS = 600_000;

/** The tree of a repository with a hundred thousand files as a browser opens it: its top, then a folder of a thousand. */
export const treeOpen: Row = {
  name: "tree-open",
  title: "open the tree of 100,000 files",
  limitMs: LIMIT_MS,
  async measure({ workers, peers, signal }) {
    const tree = await workers.largeTree();
    const script = `cd '${tree.directory}' && ls -lA && ls -lA ${tree.folder}`;
    const samples = await interleave({
      ours: () => timed(() => open(tree, signal)),
      peer: () => timed(() => execIn(tree, peers, ["sh", "-c", script], signal)),
      rounds: 40,
      restMs: 250,
      warmups: 3,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "docker exec ls -lA", samples: samples.peer },
      bar: every(p95AtMost(300, "ms"), ratioAtMost(1)),
    };
  },
};

/** What differs in it, which git looks at every file for. */
export const treeStatus: Row = {
  name: "tree-status",
  title: "git status of 100,000 files",
  limitMs: LIMIT_MS,
  async measure({ workers, peers, signal }) {
    const tree = await workers.largeTree();
    const argv = ["git", "-C", tree.directory, "status", "--porcelain=v2", "--branch"];
    const samples = await interleave({
      ours: () => timed(() => status(tree, signal)),
      peer: () => timed(() => execIn(tree, peers, argv, signal)),
      rounds: 20,
      restMs: 250,
      warmups: 2,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "docker exec git status", samples: samples.peer },
      bar: ratioAtMost(1.2),
    };
  },
};

/** How much the agent grows while the tree is opened and git asked, over what it holds after the first times. */
export const treeMemory: Row = {
  name: "tree-memory",
  title: "agent's growth while the tree is opened",
  limitMs: LIMIT_MS,
  async measure({ workers, signal }) {
    if (process.platform !== "linux") throw new NotAvailable("resident memory is read from /proc");
    const tree = await workers.largeTree();
    const { pid } = tree.worker.agent;
    const look = async (): Promise<void> => void (await Promise.all([open(tree, signal), status(tree, signal)]));
    for (let count = 0; count < 5; count += 1) await look();
    await settled(pid, signal);
    const before = residentMB(pid);
    const { ours } = await interleave({
      async ours() {
        await look();
        return Math.max(0, residentMB(pid) - before);
      },
      rounds: 40,
      warmups: 0,
      signal,
    });
    return { unit: "MB", ours, bar: medianAtMost(32, "MB") };
  },
};

async function open({ worker: { client }, name, folder }: LargeTree, signal: AbortSignal): Promise<void> {
  await client.files.list({ name }, { signal });
  const { entries } = await client.files.list({ name, path: folder }, { signal });
  if (entries.length !== 1_000) throw new Error(`${entries.length} files were listed.`);
}

async function status({ worker: { client }, name }: LargeTree, signal: AbortSignal): Promise<void> {
  const { total } = await client.git.status({ name }, { signal });
  if (total !== 0) throw new Error(`${total} files differ.`);
}

async function execIn(
  { containerId }: LargeTree,
  { engine }: Context["peers"],
  argv: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { code } = await engine.apiExec(containerId, argv, signal);
  if (code !== 0) throw new Error(`docker exec ended with ${code}.`);
}
