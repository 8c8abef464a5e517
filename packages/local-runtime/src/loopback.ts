import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { WsError, type ByteChannel, type ByteSource } from "@ws/workspace-core";
import { boxClosed } from "./box-errors.ts";
import type { ProcessHost } from "./run-process.ts";

/** Questions and answers of a few bytes would otherwise wait for one another's acknowledgement, 40 ms each time. */
const TALKING = { allowHalfOpen: true, noDelay: true };

export type Lifetime = Pick<ProcessHost, "id" | "closing">;

/** Connects to a port of this machine's loopback, which is every local workspace's. */
export async function connectToPort(host: Lifetime, port: number, signal?: AbortSignal): Promise<ByteChannel> {
  if (host.closing.aborted) throw boxClosed(host.id);
  let refusal: unknown;
  for (const address of ["127.0.0.1", "::1"]) {
    signal?.throwIfAborted();
    const socket = connect({ host: address, port, ...TALKING });
    try {
      await once(socket, "connect", signal === undefined ? {} : { signal });
      return channelOver(socket, host);
    } catch (error) {
      socket.destroy();
      signal?.throwIfAborted();
      refusal = error;
    }
  }
  throw new WsError("connection_refused", {
    message: `Nothing listens on port ${port} in this workspace.`,
    next: "Start what should listen there; 'ss -ltn' shows the ports in use.",
    data: { port },
    cause: refusal,
  });
}

/** Listens on this machine's loopback until disposed or the Box closes, on a free port where none is wanted. */
export async function listenOnPort(
  host: Lifetime,
  accept: (channel: ByteChannel) => void,
  wanted = 0,
): Promise<AsyncDisposable & { readonly port: number }> {
  if (host.closing.aborted) throw boxClosed(host.id);
  const server = createServer(TALKING, (socket) => accept(channelOver(socket, host)));
  server.listen({ host: "127.0.0.1", port: wanted });
  try {
    await once(server, "listening");
  } catch (error) {
    throw new WsError("port_taken", {
      message: `Port ${wanted} of this machine cannot be listened on.`,
      next: "End what listens there; 'ss -ltn' shows it.",
      data: { port: wanted },
      cause: error,
    });
  }
  const address = server.address();
  const close = (): void => void server.close();
  host.closing.addEventListener("abort", close, { once: true });
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      host.closing.removeEventListener("abort", close);
      // Connections that were accepted are their owners'.
      close();
    },
  };
}

export function channelOver(socket: Socket, host: Lifetime): ByteChannel {
  let failure: Error | undefined;
  const onClosing = (): void => {
    failure = boxClosed(host.id);
    socket.destroy();
  };
  host.closing.addEventListener("abort", onClosing, { once: true });
  socket.on("error", () => undefined);
  const over = new Promise<false>((resolve) => {
    socket.once("close", () => {
      host.closing.removeEventListener("abort", onClosing);
      resolve(false);
    });
  });
  const broken = (): Error =>
    failure ?? new WsError("connection_closed", { message: "The other side closed the connection.", data: {} });

  return {
    readable: readFrom(socket, () => failure),
    async write(bytes) {
      if (!socket.writable) throw broken();
      const taken = new Promise<boolean>((resolve) => {
        socket.write(bytes, (error) => resolve(error === null || error === undefined));
      });
      if (!(await Promise.race([taken, over]))) throw broken();
    },
    async end() {
      if (!socket.writable) return;
      const ended = new Promise<void>((resolve) => {
        socket.end(() => resolve());
      });
      await Promise.race([ended, over]);
    },
    destroy: () => void socket.destroy(),
  };
}

async function* readFrom(socket: Socket, failure: () => Error | undefined): ByteSource {
  try {
    // Leaving early must not end the other direction.
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch {
    // A reset ends the bytes as a close does.
  }
  const error = failure();
  if (error !== undefined) throw error;
}
