import { ratioAtMost } from "../bars.ts";
import { interleave, timed } from "../harness.ts";
import type { Row } from "../row.ts";

const AT_ONCE = Array.from({ length: 10 }, (_, index) => index);

/** Ten at once, until the last is ready. */
export const create10: Row = {
  name: "create-10",
  title: "10 creates at once",
  async measure({ workers, peers, signal }) {
    const { worker, image } = await workers.idle();
    const names = AT_ONCE.map((index) => `bench-many-${index}`);
    const samples = await interleave({
      async ours() {
        const ms = await timed(() => Promise.all(names.map((name) => worker.create(name))));
        await Promise.all(names.map((name) => worker.remove(name)));
        return ms;
      },
      async peer() {
        let containers: string[] = [];
        const ms = await timed(async () => {
          containers = await Promise.all(AT_ONCE.map(() => peers.engine.runDetached(image, signal)));
        });
        await peers.engine.remove(containers);
        return ms;
      },
      rounds: 3,
      restMs: 1000,
      warmups: 0,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "10 docker run", samples: samples.peer },
      bar: ratioAtMost(1.3),
    };
  },
};
