import { medianAtMost } from "../bars.ts";
import { output } from "../commands.ts";
import { interleave, timed } from "../harness.ts";
import { paths } from "../paths.ts";
import type { Row } from "../row.ts";

/** The whole process, from the shell's point of view. */
export const wsList: Row = {
  name: "ws-list",
  title: "ws list, whole process",
  async measure({ workers, signal }) {
    const { worker, name } = await workers.idle();
    const env = { ...process.env, WS_CONFIG_DIR: worker.configDirectory };
    const samples = await interleave({
      ours: () =>
        timed(async () => {
          const printed = await output(paths.ws, ["list"], { env, signal });
          if (!printed.includes(name)) throw new Error(`ws list printed ${JSON.stringify(printed)}.`);
        }),
      peer: () => timed(() => output("docker", ["ps"], { signal })),
      rounds: 30,
      restMs: 30,
      warmups: 2,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "docker ps", samples: samples.peer },
      bar: medianAtMost(200, "ms"),
    };
  },
};
