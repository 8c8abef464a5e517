import { createHash, type X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

/** What a device remembers of a worker: the SHA-256 of its public key (SubjectPublicKeyInfo), 43 characters of base64url. */
export function pinOfCertificate({ publicKey }: Pick<X509Certificate, "publicKey">): string {
  const key = publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64url");
}

const known = new WeakMap<TLSSocket, string>();

/** The pin that the other end of this connection sees of us; empty where the connection is not TLS. */
export function pinOf(socket: Duplex): string {
  if (!(socket instanceof TLSSocket)) return "";
  const pin = known.get(socket) ?? pinOwn(socket);
  known.set(socket, pin);
  return pin;
}

function pinOwn(socket: TLSSocket): string {
  const own = socket.getX509Certificate();
  return own === undefined ? "" : pinOfCertificate(own);
}
