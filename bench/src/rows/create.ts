import { ratioAtMost } from "../bars.ts";
import { interleave, timed } from "../harness.ts";
import type { Row } from "../row.ts";

/** From asking for a workspace to the first output of a command in it. */
export const create: Row = {
  name: "create",
  title: "create to first output",
  async measure({ workers, peers, signal }) {
    const { worker, image } = await workers.idle();
    let count = 0;
    const samples = await interleave({
      async ours() {
        count += 1;
        const name = `bench-create-${count}`;
        const ms = await timed(async () => {
          await worker.create(name);
          await worker.client.workspaces.exec({ name, command: ["echo", "ready"] }, { signal });
        });
        await worker.remove(name);
        return ms;
      },
      async peer() {
        let container = "";
        const ms = await timed(async () => {
          container = await peers.engine.runDetached(image, signal);
          await peers.engine.exec(container, ["echo", "ready"], signal);
        });
        await peers.engine.remove([container]);
        return ms;
      },
      rounds: 10,
      restMs: 250,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "docker run + exec", samples: samples.peer },
      bar: ratioAtMost(1.2),
    };
  },
};
