import { medianAtMost } from "../bars.ts";
import { interleave } from "../harness.ts";
import { residentMB } from "../memory.ts";
import { NotAvailable } from "../not-available.ts";
import type { Row } from "../row.ts";
import { settled } from "../worker/settled.ts";

/** What an agent without workspaces holds once it has come to rest. */
export const agentMemory: Row = {
  name: "agent-memory",
  title: "agent's memory, no workspaces",
  async measure({ workers, signal }) {
    if (process.platform !== "linux") throw new NotAvailable("resident memory is read from /proc");
    const { ours } = await interleave({
      async ours() {
        await using worker = await workers.start();
        await settled(worker.agent.pid, signal);
        return residentMB(worker.agent.pid);
      },
      rounds: 3,
      warmups: 0,
      signal,
    });
    return { unit: "MB", ours, bar: medianAtMost(120, "MB") };
  },
};
