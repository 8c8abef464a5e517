import { once } from "node:events";
import WebSocket from "ws";
import { p95WithinPeerPlus } from "../bars.ts";
import { interleave } from "../harness.ts";
import { startRawPty } from "../peers/raw-pty.ts";
import type { Row } from "../row.ts";
import { echoSampler } from "../terminal/echo.ts";
import { attach } from "../terminal/terminal-client.ts";
import { adopt } from "../adopt.ts";

/** From a keystroke to its echo, through the agent into the workspace and back. */
export const terminalEcho: Row = {
  name: "terminal-echo",
  title: "terminal echo",
  async measure({ workers, signal, cleanup }) {
    const { worker, name } = await workers.idle();
    const terminal = await adopt(cleanup, attach(worker, name, { terminal: "bench-echo", command: ["cat"], signal }));
    const raw = await adopt(cleanup, startRawPty(["cat"], signal));
    const socket = new WebSocket(raw.url, { perMessageDeflate: false });
    cleanup.defer(() => socket.terminate());
    await once(socket, "open", { signal });
    const samples = await interleave({
      ours: echoSampler({
        write: terminal.write,
        onOutput: (listener) => terminal.onBytes((bytes, painted) => painted || listener(bytes.toString())),
      }),
      peer: echoSampler({
        write: (text) => socket.send(Buffer.from(text)),
        onOutput: (listener) => socket.on("message", (bytes: Buffer) => listener(bytes.toString())),
      }),
      rounds: 400,
      warmups: 20,
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
