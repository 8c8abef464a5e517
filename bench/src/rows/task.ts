import { medianAtMost } from "../bars.ts";
import type { Row } from "../row.ts";

/** Fewer than a token may create in a minute, so that the brake on creation is no part of it. */
const SAMPLES = 40;
const WARMUPS = 5;

/** From the request that queues a task to its program, which tells when it runs; worker and workspace have one clock. */
export const task: Row = {
  name: "task",
  title: "task queued → process started",
  async measure({ workers, signal }) {
    const { worker, name } = await workers.idle();
    const { tasks } = worker.client;
    const samples: number[] = [];
    for (let round = 0; round < WARMUPS + SAMPLES; round += 1) {
      const before = Date.now();
      const spec = { kind: "command" as const, command: ["date", "+%s%3N"] };
      const { id } = await tasks.create({ name, spec }, { signal });
      let said = "";
      for await (const { text } of await tasks.output({ task: id, follow: true }, { signal })) said += text;
      const took = Number(said) - before;
      if (!(took >= 0)) throw new Error(`The task printed ${JSON.stringify(said)}.`);
      if (round >= WARMUPS) samples.push(took);
    }
    return { unit: "ms", ours: samples, bar: medianAtMost(50, "ms") };
  },
};
