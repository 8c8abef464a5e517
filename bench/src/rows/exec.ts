import { every, medianAtMost, ratioAtMost } from "../bars.ts";
import { interleave, timed } from "../harness.ts";
import type { Row } from "../row.ts";

const ARGV = ["echo", "ready"];

/** A command in a workspace that runs already, through the agent's API as a script calls it. */
export const exec: Row = {
  name: "exec",
  title: "run a command in an idle workspace",
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
      warmups: 5,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "docker exec (API)", samples: samples.peer },
      bar: every(ratioAtMost(0.1), medianAtMost(6, "ms")),
    };
  },
};
