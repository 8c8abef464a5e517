import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a port of this machine through which a test takes the network away. */
export interface SwallowingProxy extends AsyncDisposable {
  readonly port: number;
  /** From now on nothing that is sent arrives, and nobody is told: connections stay, and new ones are made and stay silent. */
  swallow(): void;
  /** New connections lead through again; of those that stood meanwhile nobody hears any more. */
  restore(): void;
}

export async function startSwallowingProxy(target: number): Promise<SwallowingProxy> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((client) => {
    keep(client);
    if (!isOpen) return void client.pause();
    const upstream = keep(connect(target, "127.0.0.1"));
    client.pipe(upstream).pipe(client);
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    return socket;
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    swallow() {
      isOpen = false;
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    restore: () => void (isOpen = true),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
