import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { passOn } from "./pass-on.ts";

export interface TlsRelay extends Disposable {
  port: number;
  /** All that passed, in both directions, as whoever is in between reads it. */
  read(): string;
}

/** Somebody between a device and the worker at `port`, with the certificate of another worker, whose configuration is given. */
export async function startTlsRelay(port: number, otherWorker: string): Promise<TlsRelay> {
  const seen: Buffer[] = [];
  const own = (name: string): Buffer => readFileSync(join(otherWorker, "tls", name));
  const server = createServer({ key: own("worker.key"), cert: own("worker.crt") }, (near) => {
    const far = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
    passOn(near, far, (bytes) => seen.push(bytes));
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    read: () => Buffer.concat(seen).toString("latin1"),
    [Symbol.dispose]: () => void server.close(),
  };
}
