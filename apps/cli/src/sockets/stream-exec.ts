import { EXEC_STREAM, UNACKED_LIMIT, type ExecClientFrame, type ExecServerFrame } from "@ws/rpc-contract/frames";
import type { Writable } from "node:stream";
import type WebSocket from "ws";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { openSocket } from "./open-socket.ts";

type Start = Omit<Extract<ExecClientFrame, { type: "start" }>, "type">;

/** Runs a command with this process's input; resolves to its exit code. Neither side holds more than a window of bytes. */
export async function streamExec(
  { io, connect }: Context,
  name: string,
  start: Start,
  outputs: { stdout: Writable; stderr: Writable },
): Promise<number> {
  const { target } = await connect();
  const socket = await openSocket(target, `/exec/${encodeURIComponent(name)}`);
  const send = (frame: ExecClientFrame): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
  };
  const input = createWindow();
  const offInterrupt = io.onInterrupt(() => send({ type: "signal", signal: "SIGINT" }));
  let reading = false;
  let writing: Promise<unknown> = Promise.resolve();

  const deliver = (stream: Writable, bytes: Buffer): void => {
    // One after the other: the acknowledgement says that the bytes were taken, which is what holds the worker back.
    writing = writing.then(async () => {
      await write(stream, bytes);
      send({ type: "ack", bytes: bytes.length });
    });
  };

  try {
    return await new Promise<number>((resolve, reject) => {
      socket.on("message", (data: Buffer, binary: boolean) => {
        if (binary) {
          deliver(data[0] === EXEC_STREAM.stderr ? outputs.stderr : outputs.stdout, data.subarray(1));
          return;
        }
        const frame = JSON.parse(data.toString()) as ExecServerFrame;
        if (frame.type === "ack") input.release(frame.bytes);
        else if (frame.type === "started" && !reading) {
          reading = true;
          sendInput(socket, io.stdin, input, send).catch(reject);
        } else if (frame.type === "exit") resolve(writing.then(() => frame.code));
        else if (frame.type === "error") reject(failure(frame));
      });
      socket.on("close", (code, reason) => {
        input.close();
        reject(
          new CliError("connection_lost", `The connection ended before the command did (${code} ${String(reason)}).`, {
            next: `Look whether it still runs: ws exec ${name} -- ps -ef.`,
            exit: EXIT.unavailable,
          }),
        );
      });
      send({ type: "start", ...start });
    });
  } finally {
    offInterrupt();
    input.close();
    // An unread pipe or terminal would keep the process alive.
    io.stdin.destroy();
    socket.close();
  }
}

async function sendInput(
  socket: WebSocket,
  stdin: AsyncIterable<Buffer>,
  window: Window,
  send: (frame: ExecClientFrame) => void,
): Promise<void> {
  try {
    for await (const chunk of stdin) {
      for (let at = 0; at < chunk.length; at += CHUNK) {
        const part = chunk.subarray(at, at + CHUNK);
        if (!(await window.take(part.length))) return;
        socket.send(Buffer.concat([Buffer.of(EXEC_STREAM.stdin), part]));
      }
    }
  } catch (error) {
    // Destroyed by us, because the command has ended.
    if ((error as { code?: string }).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    return;
  }
  send({ type: "stdin_end" });
}

const CHUNK = 64 * 1024;

interface Window {
  /** Waits until so many more bytes may be under way; false once closed. */
  take: (bytes: number) => Promise<boolean>;
  release: (bytes: number) => void;
  close: () => void;
}

function createWindow(): Window {
  let underWay = 0;
  let closed = false;
  let wake = (): void => undefined;
  return {
    async take(bytes) {
      while (!closed && underWay + bytes > UNACKED_LIMIT) await new Promise<void>((resolve) => (wake = resolve));
      underWay += bytes;
      return !closed;
    },
    release(bytes) {
      underWay -= bytes;
      wake();
    },
    close() {
      closed = true;
      wake();
    },
  };
}

/** Resolves when the stream has room again; a reader that went away (`| head`) is no failure. */
function write(stream: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.write(bytes)) return resolve();
    const done = (): void => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
  });
}

function failure({ code, message, next }: Extract<ExecServerFrame, { type: "error" }>): CliError {
  return new CliError(code, message, next === undefined ? {} : { next });
}
