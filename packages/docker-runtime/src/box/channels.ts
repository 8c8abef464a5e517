import { type ByteChannel, WsError } from "@ws/workspace-core";
import type { ClientChannel, TcpConnectionDetails } from "ssh2";

import { throwIfAborted } from "./aborted.ts";
import { createByteQueue } from "./byte-queue.ts";
import type { Connection } from "./connect.ts";

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

/** Listens on a free port of the container's own loopback. */
export async function listenOnPort(
  connection: Connection,
  accept: (channel: ByteChannel) => void,
  closedError: () => WsError,
): Promise<AsyncDisposable & { readonly port: number }> {
  const { client } = connection;
  const host = "127.0.0.1";
  if (connection.isClosed) throw closedError();
  const lost = connection.closed.then((): never => {
    throw closedError();
  });
  lost.catch(() => undefined);
  const port = await Promise.race([
    new Promise<number>((resolve, reject) => {
      client.forwardIn(host, 0, (error, bound) => (error === undefined ? resolve(bound) : reject(error)));
    }),
    lost,
  ]);
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
        await Promise.race([undone, connection.closed]);
      }
      client.off("tcp connection", onConnection);
    },
  };
}

function forward(connection: Connection, host: string, port: number, closedError: () => WsError): Promise<ByteChannel> {
  if (connection.isClosed) return Promise.reject(closedError());
  const opened = new Promise<ByteChannel>((resolve, reject) => {
    connection.client.forwardOut(host, 0, host, port, (error, channel) =>
      error === undefined ? resolve(byteChannel(channel, connection, closedError)) : reject(error),
    );
  });
  return Promise.race([opened, connection.closed.then(() => Promise.reject(closedError()))]);
}

function byteChannel(channel: ClientChannel, connection: Connection, closedError: () => WsError): ByteChannel {
  const queue = createByteQueue({ onSpace: () => channel.resume() });
  const over = Promise.withResolvers<void>();
  const unanswered = new Set<(done: boolean) => void>();
  void over.promise.then(() => {
    for (const settle of unanswered) settle(false);
  });
  channel.on("data", (chunk: Buffer) => {
    if (!queue.push(chunk)) channel.pause();
  });
  channel.on("end", () => (connection.isClosed ? queue.fail(closedError()) : queue.end()));
  channel.on("error", () => undefined);
  channel.on("close", () => over.resolve());
  void connection.closed.then(() => {
    queue.fail(closedError());
    over.resolve();
  });

  return {
    readable: queue.source,
    async write(bytes) {
      if (!channel.writable) throw connection.isClosed ? closedError() : ended();
      // A channel that closes meanwhile never calls back. Racing one long-lived promise at each write would keep what
      // was written for as long as the channel lives.
      const taken = await new Promise<boolean>((resolve) => {
        const settle = (done: boolean): void => {
          unanswered.delete(settle);
          resolve(done);
        };
        unanswered.add(settle);
        channel.write(bytes, (error) => settle(error === null || error === undefined));
      });
      if (taken) return;
      throw connection.isClosed ? closedError() : ended();
    },
    async end() {
      if (!channel.writable) return;
      await Promise.race([
        new Promise<void>((resolve) => {
          channel.end(() => resolve());
        }),
        over.promise,
      ]);
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
