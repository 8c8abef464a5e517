import { once } from "node:events";
import type { WorkerEvent } from "@ws/rpc-contract";
import WebSocket from "ws";
import { p95WithinPeerPlus } from "../bars.ts";
import { interleave, type Sampler } from "../harness.ts";
import { startRawPty } from "../peers/raw-pty.ts";
import type { Row } from "../row.ts";
import { echoSampler } from "../terminal/echo.ts";
import { attach, type TerminalClient } from "../terminal/terminal-client.ts";
import { adopt } from "../adopt.ts";

const ROUNDS = { rounds: 400, warmups: 20 };
const CAT = { terminal: "bench-echo", command: ["cat"] };

/** From a keystroke to its echo, through the agent into the workspace and back. */
export const terminalEcho: Row = {
  name: "terminal-echo",
  title: "terminal echo",
  async measure({ workers, signal, cleanup }) {
    const { worker, name } = await workers.idle();
    const terminal = await adopt(cleanup, attach(worker, name, { ...CAT, signal }));
    const raw = await adopt(cleanup, startRawPty(["cat"], signal));
    const socket = new WebSocket(raw.url, { perMessageDeflate: false });
    cleanup.defer(() => socket.terminate());
    await once(socket, "open", { signal });
    const samples = await interleave({
      ours: echoOf(terminal),
      peer: echoSampler({
        write: (text) => socket.send(Buffer.from(text)),
        onOutput: (listener) => socket.on("message", (bytes: Buffer) => listener(bytes.toString())),
      }),
      ...ROUNDS,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "raw PTY over ws", samples: samples.peer },
      bar: p95WithinPeerPlus(2, "ms"),
    };
  },
};

/** The same terminal twice: what the way through a hub adds. */
export const terminalEchoByHub: Row = {
  name: "terminal-echo-hub",
  title: "terminal echo through a hub",
  async measure({ workers, signal, cleanup }) {
    const local = { WS_RUNTIME: "local" };
    const hub = await adopt(cleanup, workers.start({ environment: local }));
    const { token: linkToken } = await hub.client.workers.add({ name: "desk" }, { signal });
    const environment = { ...local, WS_HUB_URL: hub.url, WS_HUB_TOKEN: linkToken };
    const worker = await adopt(cleanup, workers.start({ environment }));
    const { name } = await worker.create("bench-hub");
    for await (const event of await hub.client.workers.events({}, { signal })) if (isOnline(event)) break;
    const through = { url: `${hub.url}/on/desk`, token: hub.token };
    const far = await adopt(cleanup, attach(through, name, { ...CAT, inHeader: true, signal }));
    const near = await adopt(cleanup, attach(worker, name, { ...CAT, terminal: "bench-near", signal }));
    const samples = await interleave({ ours: echoOf(far), peer: echoOf(near), ...ROUNDS, signal });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "straight to the worker", samples: samples.peer },
      bar: p95WithinPeerPlus(10, "ms"),
    };
  },
};

function isOnline(event: WorkerEvent): boolean {
  return event.type === "snapshot"
    ? event.workers.some(({ state }) => state === "online")
    : event.type === "changed" && event.worker.state === "online";
}

function echoOf({ write, onBytes }: TerminalClient): Sampler {
  return echoSampler({
    write,
    onOutput: (listener) => onBytes((bytes, painted) => painted || listener(bytes.toString())),
  });
}
