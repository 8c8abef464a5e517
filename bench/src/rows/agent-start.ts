import { medianAtMost } from "../bars.ts";
import { interleave } from "../harness.ts";
import type { Row } from "../row.ts";

/** From starting `ws agent run` on a directory that it never saw to its first answer on /health. */
export const agentStart: Row = {
  name: "agent-start",
  title: "agent start to healthy",
  async measure({ workers, signal }) {
    const { ours } = await interleave({
      async ours() {
        await using worker = await workers.start();
        return worker.agent.healthyMs;
      },
      rounds: 7,
      signal,
    });
    return { unit: "ms", ours, bar: medianAtMost(600, "ms") };
  },
};
