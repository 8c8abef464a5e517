import { ratioAtMost } from "../bars.ts";
import { interleave, timed } from "../harness.ts";
import type { Row } from "../row.ts";

const ARGV = ["echo", "ready"];

/** The same as `exec` through the whole agent, as a script calls it: HTTP, authentication, audit. */
export const execApi: Row = {
  name: "exec-api",
  title: "run a command through the API",
  async measure({ workers, peers, signal }) {
    const { worker, name, containerId } = await workers.idle();
    const samples = await interleave({
      ours: () =>
        timed(async () => {
          const { stdout } = await worker.client.workspaces.exec({ name, command: ARGV }, { signal });
          if (stdout !== "ready\n") throw new Error(`The command printed ${JSON.stringify(stdout)}.`);
        }),
      peer: () =>
        timed(async () => {
          const { stdout } = await peers.engine.apiExec(containerId, ARGV, signal);
          if (stdout !== "ready\n") throw new Error(`docker exec printed ${JSON.stringify(stdout)}.`);
        }),
      rounds: 60,
      restMs: 250,
      burst: 10,
      warmups: 10,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "docker exec (API)", samples: samples.peer },
      bar: ratioAtMost(0.2),
    };
  },
};
