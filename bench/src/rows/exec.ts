import { text } from "node:stream/consumers";
import { every, medianAtMost, ratioAtMost } from "../bars.ts";
import { interleave, timed } from "../harness.ts";
import type { Row } from "../row.ts";
import { engineRuntime } from "../worker/engine-runtime.ts";
import { adopt } from "../adopt.ts";

/** A command in a workspace that runs already, through a Box that is open. */
export const exec: Row = {
  name: "exec",
  title: "run a command, idle Box",
  async measure({ workers, peers, signal, cleanup }) {
    const { worker, id, containerId } = await workers.idle();
    const box = await adopt(cleanup, engineRuntime(worker.configDirectory).open(id, signal));
    const samples = await interleave({
      ours: () =>
        timed(async () => {
          const process = await box.run(["echo", "ready"]);
          const [stdout] = await Promise.all([text(process.stdout), process.exit]);
          if (stdout !== "ready\n") throw new Error(`The command printed ${JSON.stringify(stdout)}.`);
        }),
      peer: () =>
        timed(async () => {
          const { stdout } = await peers.engine.apiExec(containerId, ["echo", "ready"], signal);
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
      bar: every(ratioAtMost(0.1), medianAtMost(6, "ms")),
    };
  },
};
