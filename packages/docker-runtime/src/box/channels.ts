import { type ByteChannel, createByteQueue, throwIfAborted, WsError } from "@ws/workspace-core";
import type { ClientChannel, TcpConnectionDetails } from "ssh2";

import type { Connection } from "./connect.ts";
import { createEnding } from "./ending.ts";
import { writeTo } from "./stream-writer.ts";

/** A connection to a port on the container's own loopback, over either protocol. */
export async function connectToPort(
  connection: Connection,
  port: number,
  closedError: () => WsError,
  signal?: AbortSignal,
): Promise<ByteChannel> {
  let refusal: unknown;
  for (const host of ["127.0.0.1", "::1"]) {
    throwIfAborted(signal);
    try {
      const channel = await forward(connection, host, port, closedError);
      if (signal?.aborted === true) channel.destroy();
      throwIfAborted(signal);
      return channel;
    } catch (error) {
      if (error instanceof WsError) throw error;
      throwIfAborted(signal);
      refusal = error;
    }
  }
  throw new WsError("connection_refused", {
    message: `Nothing listens on port ${port} in this workspace.`,
    next: `Start what should listen there; 'ss -ltn' shows the ports in use.`,
    data: { port },
    cause: refusal,
  });
}

/** Listens on the container's own loopback, on a free port where none is wanted. */
export async function listenOnPort(
  connection: Connection,
  accept: (channel: ByteChannel) => void,
  { port: wanted = 0, closedError }: { port: number | undefined; closedError: () => WsError },
): Promise<AsyncDisposable & { readonly port: number }> {
  const { client } = connection;
  const host = "127.0.0.1";
  if (connection.isClosed) throw closedError();
  const bound = new Promise<number>((resolve, reject) => {
    client.forwardIn(host, wanted, (error, free) => {
      if (error === undefined) resolve(wanted === 0 ? free : wanted);
      else reject(connection.isClosed ? closedError() : portTaken(wanted, error));
    });
  });
  const outcome = await connection.ending.until(bound);
  if (outcome === "ended") throw closedError();
  const port = outcome.value;
  const onConnection = (details: TcpConnectionDetails, take: () => ClientChannel, reject: () => void): void => {
    if (details.destPort !== port) return;
    if (disposed) reject();
    else accept(byteChannel(take(), connection, closedError));
  };
  let disposed = false;
  client.on("tcp connection", onConnection);
  return {
    port,
    async [Symbol.asyncDispose]() {
      if (disposed) return;
      disposed = true;
      if (!connection.isClosed) {
        const undone = new Promise<void>((resolve) => {
          client.unforwardIn(host, port, () => resolve());
        });
        await connection.ending.until(undone);
      }
      client.off("tcp connection", onConnection);
    },
  };
}

async function forward(
  connection: Connection,
  host: string,
  port: number,
  closedError: () => WsError,
): Promise<ByteChannel> {
  if (connection.isClosed) throw closedError();
  const opened = new Promise<ByteChannel>((resolve, reject) => {
    connection.client.forwardOut(host, 0, host, port, (error, channel) =>
      error === undefined ? resolve(byteChannel(channel, connection, closedError)) : reject(error),
    );
  });
  const outcome = await connection.ending.until(opened);
  if (outcome === "ended") throw closedError();
  return outcome.value;
}

export function byteChannel(channel: ClientChannel, connection: Connection, closedError: () => WsError): ByteChannel {
  const queue = createByteQueue({ onSpace: () => channel.resume() });
  const ending = createEnding();
  const forget = connection.ending.onEnd(() => {
    queue.fail(closedError());
    ending.end();
  });
  channel.on("data", (chunk: Buffer) => {
    if (!queue.push(chunk)) channel.pause();
  });
  channel.on("end", () => (connection.isClosed ? queue.fail(closedError()) : queue.end()));
  channel.on("error", () => undefined);
  channel.on("close", () => {
    forget();
    ending.end();
  });

  return {
    readable: queue.source,
    async write(bytes) {
      if (!(await writeTo(channel, bytes, ending))) throw connection.isClosed ? closedError() : ended();
    },
    async end() {
      if (ending.isOver || !channel.writable) return;
      const flushed = new Promise<void>((resolve) => {
        channel.end(() => resolve());
      });
      await ending.until(flushed);
    },
    destroy() {
      queue.end();
      channel.destroy();
      channel.resume();
    },
  };
}

function ended(): WsError {
  return new WsError("connection_closed", { message: "The other side closed the connection.", data: {} });
}

/** sshd says no more than that it could not listen there. */
function portTaken(port: number, cause: Error): WsError<"port_taken"> {
  return new WsError("port_taken", {
    message: `Port ${port} of this workspace cannot be listened on: something else does already.`,
    next: "End what listens there; 'ss -ltn' in the workspace shows it.",
    data: { port },
    cause,
  });
}
