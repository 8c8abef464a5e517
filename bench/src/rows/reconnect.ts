import { once } from "node:events";
import { createConnection } from "@ws/rpc-contract/connection";
import { connectTerminal } from "@ws/rpc-contract/terminal-client";
import WebSocket from "ws";
import { adopt } from "../adopt.ts";
import { p95AtMost } from "../bars.ts";
import { interleave } from "../harness.ts";
import { startRawPty } from "../peers/raw-pty.ts";
import type { Row } from "../row.ts";
import type { IdleWorkspace } from "../worker/workers.ts";

/** Says something about every two milliseconds, without a process for each. */
const TICKING = ["perl", "-e", '$| = 1; while (1) { print "tick\\n"; select undef, undef, undef, 0.002 }'];

/**
 * From a connection that breaks until output of the same program comes over the next one. Ours waits 50 to 300 ms before it asks, so
 * that a thousand clients do not return in one instant; the peer asks at once, and begins its program anew.
 */
export const reconnect: Row = {
  name: "reconnect",
  title: "connection cut → output flows again",
  async measure({ workers, signal, cleanup }) {
    const ours = cleanup.use(openTerminal(await workers.idle()));
    await ours.output(signal);
    const raw = await adopt(cleanup, startRawPty(TICKING, signal));
    let socket = new WebSocket(raw.url, { perMessageDeflate: false });
    cleanup.defer(() => socket.terminate());
    await once(socket, "message", { signal });
    const samples = await interleave({
      async ours(abort) {
        const began = performance.now();
        ours.cut();
        await ours.output(abort);
        return performance.now() - began;
      },
      async peer(abort) {
        const began = performance.now();
        socket.terminate();
        socket = new WebSocket(raw.url, { perMessageDeflate: false });
        await once(socket, "message", { signal: abort });
        return performance.now() - began;
      },
      rounds: 20,
      warmups: 1,
      // Before each turn, so twice: what breaks before it has stood for five seconds counts as the same outage, and is waited for longer.
      restMs: 2_700,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "ws, program anew", samples: samples.peer },
      bar: p95AtMost(500, "ms"),
    };
  },
};

/** A terminal of a client that comes back by itself, as browsers and the command line have it. */
function openTerminal({ worker, name }: IdleWorkspace) {
  let socket: WebSocket | undefined;
  let heard = new EventTarget();
  const connection = createConnection();
  connectTerminal({
    connection,
    open() {
      socket = new WebSocket(`${worker.url.replace(/^http/, "ws")}/terminal/${name}`, { perMessageDeflate: false });
      return socket;
    },
    token: () => worker.token,
    terminal: "bench-cut",
    create: true,
    command: TICKING,
    size: () => ({ cols: 120, rows: 40 }),
    sink: {
      write(_bytes, taken) {
        taken();
        heard.dispatchEvent(new Event("output"));
      },
      repaint: (_bytes, taken) => taken(),
      reset: () => undefined,
      resized: () => undefined,
    },
    onState: () => undefined,
  });
  return {
    cut() {
      heard = new EventTarget();
      socket?.terminate();
    },
    output: (signal: AbortSignal) => once(heard, "output", { signal }),
    [Symbol.dispose]: () => connection.close(),
  };
}
