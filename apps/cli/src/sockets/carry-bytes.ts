import { CLOSE, UNACKED_LIMIT, type ByteClientFrame, type ByteServerFrame } from "@ws/rpc-contract/frames";
import type { Writable } from "node:stream";
import { CliError, EXIT, exitFor } from "../errors.ts";
import { written } from "../output/written.ts";
import type { Target } from "../target.ts";
import { closedToken, dialSocket } from "./open-socket.ts";
import { createWindow } from "./window.ts";

/** What is joined with a byte stream of the worker; each direction ends by itself. */
export interface ByteEnds {
  input: AsyncIterable<Buffer>;
  output: Writable;
  /** Aborting leaves at once. */
  signal?: AbortSignal;
  /** Called when what was asked for stands. */
  opened?: () => void;
}

const CHUNK = 64 * 1024;
/** A worker waits for an acknowledgement before it sends more; with one piece too many, of whatever size. */
const MOST_WAITING = 4 * UNACKED_LIMIT;

/**
 * Joins these ends with `/connect/…` or another socket of the worker that carries bytes, until both directions have ended. What is read
 * slowly here holds the other side back, and neither holds more than a window. Rejects with a `CliError` for what cannot be reached, is
 * refused, or breaks.
 */
export async function carryBytes(
  target: Target,
  path: string,
  { input, output, signal, opened }: ByteEnds,
): Promise<void> {
  const { socket, opened: dialled } = dialSocket(target, path);
  const window = createWindow(UNACKED_LIMIT);
  const send = (frame: ByteClientFrame): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
  };
  let writing: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let left = false;
  const leave = (): void => {
    left = true;
    socket.terminate();
  };
  // Nobody takes what still comes.
  const onClosed = (): void => void (output.writableFinished || leave());
  output.once("close", onClosed);

  const over = new Promise<void>((resolve, reject) => {
    socket.on("message", (data: Buffer, binary: boolean) => {
      if (binary) {
        waiting += data.length;
        if (waiting > MOST_WAITING) {
          reject(unfit());
          return socket.terminate();
        }
        // One after the other: the acknowledgement says that the bytes were taken, which is what holds the worker back.
        writing = writing.then(async () => {
          await written(output, data);
          waiting -= data.length;
          send({ type: "ack", bytes: data.length });
        });
        return;
      }
      const frame = frameOf(data);
      if (frame === undefined) {
        reject(unfit());
        socket.terminate();
      } else if (frame.type === "ack") window.release(frame.bytes);
      else if (frame.type === "opened") opened?.();
      else if (frame.type === "end") writing = writing.then(() => void output.end());
      else if (frame.type === "error") reject(failure(frame));
    });
    socket.on("close", (code, reason) => {
      window.close();
      if (code === CLOSE.normal || left) return resolve(writing.then(() => undefined));
      reject(code === CLOSE.unauthorized ? closedToken(reason.toString()) : broken());
    });
  });
  over.catch(() => undefined);

  async function forward(): Promise<void> {
    for await (const chunk of input) {
      for (let at = 0; at < chunk.length; at += CHUNK) {
        const part = chunk.subarray(at, at + CHUNK);
        if (!(await window.take(part.length)) || socket.readyState !== socket.OPEN) return;
        socket.send(part);
      }
    }
    send({ type: "end" });
  }

  signal?.addEventListener("abort", leave, { once: true });
  try {
    await dialled;
    // An input that breaks has ended for whoever reads it, and what it does not say is not its whole.
    forward().catch(leave);
    await over;
  } finally {
    output.off("close", onClosed);
    signal?.removeEventListener("abort", leave);
    window.close();
    socket.close();
  }
}

function frameOf(data: Buffer): ByteServerFrame | undefined {
  try {
    const frame = JSON.parse(data.toString()) as ByteServerFrame | null;
    return frame ?? undefined;
  } catch {
    return undefined;
  }
}

function unfit(): CliError {
  return new CliError("protocol_error", "What answers there does not keep to the protocol of a worker.", {
    next: "See whether that is your worker, of the same version: ws info.",
    exit: EXIT.denied,
  });
}

function failure({ code, message, next }: Extract<ByteServerFrame, { type: "error" }>): CliError {
  return new CliError(code, message, { ...(next === undefined ? {} : { next }), exit: exitFor(code) });
}

function broken(): CliError {
  return new CliError("connection_lost", "The connection to the agent was lost.", {
    next: "Connect again once the agent runs.",
    exit: EXIT.unavailable,
  });
}
