import { randomBytes } from "node:crypto";
import { adopt } from "../adopt.ts";
import { type Bar, ratioAtMost } from "../bars.ts";
import { interleave, timed } from "../harness.ts";
import { FETCH_LARGE_FILES, FORGET_LARGE_FILES, startLargeFilesPeer } from "../peers/large-files.ts";
import { startSshGitPeer } from "../peers/ssh-git.ts";
import type { Context, Measured, Row } from "../row.ts";
import type { Worker } from "../worker/worker.ts";

const NAME = "bench-through";

/** Git in a workspace, by a key that it does not have: each of its questions is one of HTTP to the worker, and one of SSH from there. */
export const cloneSsh: Row = {
  name: "clone-ssh",
  title: "git clone --bare by ssh in a workspace, with the worker's key",
  async measure(context) {
    const { path } = await context.peers.git();
    const peer = await adopt(context.cleanup, startSshGitPeer(path));
    const worker = await start(context, {});
    const { privateKey, hostKey, url } = peer;
    const key = { name: "bench", type: "ssh_key" as const, host: "127.0.0.1", value: privateKey, hostKeys: [hostKey] };
    await worker.client.credentials.set(key, { signal: context.signal });
    await worker.client.workspaces.create({ name: NAME, clone: url }, { signal: context.signal });
    let count = 0;
    return beside(context, {
      bar: ratioAtMost(2),
      peer: { name: "git clone --bare over ssh", measure: peer.clone },
      ours() {
        count += 1;
        return exec(worker, ["git", "clone", "--quiet", "--bare", url, `/tmp/copy-${count}`], context.signal);
      },
    });
  },
};

export const lfsRows: readonly Row[] = [
  lfs("lfs-one", { files: 1, bytes: 67_108_864, title: "one large file of 64 MiB", bar: ratioAtMost(4) }),
  lfs("lfs-many", { files: 200, bytes: 16_384, title: "200 large files of 16 KiB", bar: ratioAtMost(3) }),
];

function lfs(name: string, of: { files: number; bytes: number; title: string; bar: Bar }): Row {
  return {
    name,
    title: `git lfs fetch in a workspace, with the worker's token: ${of.title}`,
    async measure(context) {
      const peer = await adopt(context.cleanup, startLargeFilesPeer(of));
      const worker = await start(context, { WS_GIT_CA: peer.caFile });
      const value = randomBytes(20).toString("hex");
      const { signal } = context;
      await worker.client.credentials.set({ name: "bench", type: "pat", host: peer.host, value }, { signal });
      await worker.client.workspaces.create({ name: NAME, clone: peer.url }, { signal });
      return beside(context, {
        bar: of.bar,
        peer: { name: "git lfs fetch", measure: peer.fetch },
        async ours() {
          await exec(worker, FORGET_LARGE_FILES, signal);
          return exec(worker, FETCH_LARGE_FILES, signal);
        },
      });
    },
  };
}

async function start({ peers, workers, cleanup }: Context, environment: Record<string, string>): Promise<Worker> {
  await peers.engine.require();
  return adopt(cleanup, workers.start({ environment: { WS_RUNTIME: "docker", ...environment } }));
}

async function beside(
  { signal }: Context,
  options: {
    ours: () => Promise<number>;
    peer: { name: string; measure: (signal: AbortSignal) => Promise<number> };
    bar: Bar;
  },
): Promise<Measured> {
  const { ours, peer, bar } = options;
  const samples = await interleave({ ours, peer: peer.measure, rounds: 10, restMs: 250, signal });
  return { unit: "ms", ours: samples.ours, peer: { name: peer.name, samples: samples.peer }, bar };
}

async function exec(worker: Worker, command: readonly string[], signal: AbortSignal): Promise<number> {
  return timed(async () => {
    const said = await worker.client.workspaces.exec({ name: NAME, command: [...command] }, { signal });
    if (said.exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${said.exitCode}: ${said.stderr}`);
  });
}
