import { X509Certificate } from "node:crypto";
import { createServer, type Server } from "node:tls";
import type { Log } from "@ws/workspace-core";
import type { ServerCertificate } from "./own-certificate.ts";
import { pinOfCertificate } from "./pin.ts";

export interface Tls {
  server: Server;
  /** What devices remember of this worker. */
  pin: string;
  /** Whether clients have to show a certificate. */
  mutual: boolean;
  /** When its certificate does, in milliseconds since the epoch. */
  ends: number;
}

const HANDSHAKE_MS = 10_000;

/**
 * What makes connections secure, and listens nowhere itself. With `clientCa` only clients with a certificate of it get to the end of
 * the handshake; whose it is says nothing of who calls.
 */
export function createTls(certificate: ServerCertificate & { clientCa?: string }, log: Pick<Log, "debug">): Tls {
  const { cert, key, clientCa } = certificate;
  const server = createServer({
    cert,
    key,
    ...(clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
    handshakeTimeout: HANDSHAKE_MS,
    ALPNProtocols: ["http/1.1"],
  });
  server.on("tlsClientError", (error, socket) => {
    log.debug("a connection did not become secure", { peer: socket.remoteAddress, error });
    socket.destroy();
  });
  const shown = new X509Certificate(cert);
  return { server, pin: pinOfCertificate(shown), mutual: clientCa !== undefined, ends: shown.validToDate.getTime() };
}
