import { once } from "node:events";
import { connect } from "node:net";
import { WsError, type ByteChannel } from "@ws/workspace-core";

/** A connection to a port of this machine, as the Box of the local runtime makes one. Rejects with `connection_refused`. */
export async function loopbackChannel(port: number): Promise<ByteChannel> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true });
  await once(socket, "connect").catch((cause: unknown) => {
    throw new WsError("connection_refused", { message: `Nothing listens on port ${port}.`, data: { port }, cause });
  });
  socket.on("error", () => undefined);
  return {
    readable: socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error === null || error === undefined ? resolve() : reject(error)));
      }),
    end: async () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}
