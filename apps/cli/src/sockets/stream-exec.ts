import { CLOSE, EXEC_STREAM, UNACKED_LIMIT, type ExecClientFrame, type ExecServerFrame } from "@ws/rpc-contract/frames";
import { constants } from "node:os";
import type { Writable } from "node:stream";
import type WebSocket from "ws";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import type { EndSignal } from "../io.ts";
import { written } from "../output/written.ts";
import { closedToken, openSocket } from "./open-socket.ts";
import { createWindow, type Window } from "./window.ts";

type Start = Omit<Extract<ExecClientFrame, { type: "start" }>, "type">;

/**
 * Runs a command with this process's input; resolves to its exit code. Neither side holds more than a window of bytes. A
 * signal is the command's, which goes on being read until it ends; the same one again ends both at once.
 */
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
  const input = createWindow(UNACKED_LIMIT);
  const asked = new Set<EndSignal>();
  let reading = false;
  let writing: Promise<unknown> = Promise.resolve();

  const deliver = (stream: Writable, bytes: Buffer): void => {
    // One after the other: the acknowledgement says that the bytes were taken, which is what holds the worker back.
    writing = writing.then(async () => {
      await written(stream, bytes);
      send({ type: "ack", bytes: bytes.length });
    });
  };

  const left = Promise.withResolvers<number>();
  const offSignals = io.onSignal((signal) => {
    if (signal !== "SIGPIPE" && !asked.has(signal)) {
      asked.add(signal);
      return send({ type: "signal", signal });
    }
    left.resolve(128 + constants.signals[signal]);
    // Which ends the command, whether or not it takes a signal.
    socket.terminate();
  });

  try {
    const ended = new Promise<number>((resolve, reject) => {
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
        if (code === CLOSE.unauthorized) return reject(closedToken(reason.toString()));
        reject(
          new CliError("connection_lost", "The connection to the agent was lost before the command had ended.", {
            next: `Once the agent runs, look whether the command does: ws exec ${name} -- ps -ef.`,
            exit: EXIT.unavailable,
          }),
        );
      });
      send({ type: "start", ...start });
    });
    return await Promise.race([left.promise, ended]);
  } finally {
    offSignals();
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
    const { code } = error as { code?: string };
    // Destroyed by us, because the command has ended.
    if (code === "ERR_STREAM_PREMATURE_CLOSE") return;
    // A terminal that was closed says EIO: there is no more input.
    if (code !== "EIO") throw error;
  }
  send({ type: "stdin_end" });
}

const CHUNK = 64 * 1024;

function failure({ code, message, next }: Extract<ExecServerFrame, { type: "error" }>): CliError {
  return new CliError(code, message, next === undefined ? {} : { next });
}
