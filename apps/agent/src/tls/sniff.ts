import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Server as TlsServer } from "node:tls";

/** The first byte of every TLS connection, and of no HTTP request. */
const HANDSHAKE = 22;
const FIRST_BYTE_MS = 5_000;

/**
 * Makes one port speak both: what begins with a handshake goes through `secure` first, all else is HTTP as it was. A second port
 * would have to be known, and the wildcard and loopback addresses cannot both have the same one.
 */
export function sniffTls(server: Server, secure: TlsServer): void {
  const serve = server.listeners("connection") as ((this: Server, socket: Duplex) => void)[];
  const pass = (socket: Duplex): void => serve.forEach((each) => each.call(server, socket));
  secure.on("secureConnection", pass);
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    firstByte(socket, (byte) => (byte === HANDSHAKE ? void secure.emit("connection", socket) : pass(socket)));
  });
}

/** Who says nothing is let go. The byte stays to be read. */
function firstByte(socket: Socket, tell: (byte: number | undefined) => void): void {
  const giveUp = (): void => void socket.destroy();
  socket.setTimeout(FIRST_BYTE_MS, giveUp).once("error", giveUp).once("end", giveUp);
  socket.once("data", (bytes: Buffer) => {
    socket.setTimeout(0).off("timeout", giveUp).off("error", giveUp).off("end", giveUp);
    socket.pause();
    socket.unshift(bytes);
    tell(bytes[0]);
    // Whoever reads on has asked for it by then.
    process.nextTick(() => socket.resume());
  });
}
