import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { type Box, type ByteChannel, WsError } from "@ws/workspace-core";

export interface LoopbackBox extends Pick<Box, "id" | "listen" | "closed">, AsyncDisposable {
  /** Where the programs of a workspace would find its way out; here its port is any free one. */
  port(): number;
}

/** The part of a Box that a way out needs, on this machine's own loopback. */
export function createLoopbackBox({ taken = 0 }: { taken?: number } = {}): LoopbackBox {
  const closed = Promise.withResolvers<WsError>();
  const sockets = new Set<Socket>();
  let refusals = taken;
  let found = 0;
  return {
    id: "ws-loopback",
    closed: closed.promise,
    async listen(accept, { port } = {}) {
      if (port !== undefined && refusals-- > 0) throw new WsError("port_taken", { message: "Taken.", data: { port } });
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        socket.on("error", () => undefined);
        accept(channelOver(socket));
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      found = typeof address === "object" && address !== null ? address.port : 0;
      return { port: port ?? found, [Symbol.asyncDispose]: async () => void server.close() };
    },
    port: () => found,
    async [Symbol.asyncDispose]() {
      closed.resolve(new WsError("box_closed", { message: "Closed.", data: { workspace: "ws-loopback" } }));
      for (const socket of sockets) socket.destroy();
    },
  };
}

function channelOver(socket: Socket): ByteChannel {
  return {
    readable: socket.iterator({ destroyOnReturn: false }),
    write: (bytes) =>
      new Promise((resolve, reject) => void socket.write(bytes, (error) => (error ? reject(error) : resolve()))),
    end: () => new Promise((resolve) => void socket.end(() => resolve())),
    destroy: () => void socket.destroy(),
  };
}
