import { adopt } from "../adopt.ts";
import { p95AtMost } from "../bars.ts";
import { interleave } from "../harness.ts";
import { startListeners } from "../peers/listeners.ts";
import { startPortServer } from "../peers/port-server.ts";
import type { Row } from "../row.ts";

const COUNT = 1_000;

/** A workspace is renamed: how long until 99 % of a thousand readers of the event stream have its new name. Each sample is one rename. */
export const events1000: Row = {
  name: "events-1000",
  title: "a change → 99 % of 1,000 listeners have it",
  async measure({ workers, signal, cleanup }) {
    const worker = await adopt(cleanup, workers.start({ environment: { WS_RUNTIME: "local" } }));
    await worker.client.workspaces.create({ name: "bench-0" }, { signal });
    const { token } = worker;
    const ours = await adopt(cleanup, startListeners({ url: `${worker.url}/api/events`, token, count: COUNT, signal }));
    const script = new URL("../peers/raw-events-server.ts", import.meta.url);
    const server = await adopt(cleanup, startPortServer(script, [], signal));
    const raw = `http://127.0.0.1:${server.port}/`;
    const peer = await adopt(cleanup, startListeners({ url: raw, count: COUNT, signal }));
    // As large as an event of ours.
    const event = JSON.stringify({
      type: "changed",
      workspace: await worker.client.workspaces.get({ name: "bench-0" }),
    });
    let changes = 0;
    const samples = await interleave({
      async ours() {
        const [name, newName] = [`bench-${changes}`, `bench-${(changes += 1)}`];
        const rename = () => worker.client.workspaces.rename({ name, newName }, { signal });
        return p99(await ours.hear(`"${newName}"`, rename));
      },
      async peer() {
        const word = `"peer-${changes}"`;
        const post = () => fetch(raw, { method: "POST", body: event.replaceAll(/"bench-\d+"/g, word), signal });
        return p99(await peer.hear(word, post));
      },
      rounds: 50,
      warmups: 5,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "the same text from bare node:http", samples: samples.peer },
      bar: p95AtMost(250, "ms"),
    };
  },
};

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? Infinity;
}
