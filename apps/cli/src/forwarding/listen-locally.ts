import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { CliError, EXIT } from "../errors.ts";

export interface LocalListener extends AsyncDisposable {
  /** As it is typed: `127.0.0.1:3000`. */
  readonly address: string;
  readonly port: number;
}

/**
 * Listens on a port of this machine, and gives each connection to `carry`, whose signal aborts when it is disposed. Throws a `CliError`
 * where it cannot listen there.
 */
export async function listenLocally(
  { host, port: wanted, retry }: { host: string; port: number; retry: string },
  carry: (socket: Socket, signal: AbortSignal) => Promise<void>,
): Promise<LocalListener> {
  const ending = new AbortController();
  // Questions and answers of a few bytes would otherwise wait for one another's acknowledgement.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    void carry(socket, ending.signal).catch(() => socket.destroy());
  });
  server.listen({ host, port: wanted });
  try {
    await once(server, "listening");
  } catch (error) {
    throw refused(error as NodeJS.ErrnoException, wanted, retry);
  }
  const { address, port } = server.address() as AddressInfo;
  return {
    address: `${address}:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      ending.abort();
      server.close();
    },
  };
}

function refused(error: NodeJS.ErrnoException, port: number, retry: string): CliError {
  const isTaken = error.code === "EADDRINUSE";
  const why = isTaken ? "something listens there already" : (error.code ?? error.message);
  return new CliError(
    isTaken ? "port_taken" : "permission_denied",
    `Port ${port} of this machine cannot be listened on: ${why}.`,
    { next: `Take a free one: ${retry}.`, exit: isTaken ? EXIT.conflict : EXIT.denied, cause: error },
  );
}
