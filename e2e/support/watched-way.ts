import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, TLSSocket } from "node:tls";

/** A stretch of the network between a device and a worker, with somebody on it. */
export interface WatchedWay extends AsyncDisposable {
  /** Where devices reach the worker. */
  readonly url: string;
  /** Every byte that passed while it was only copied. */
  copied(): Buffer;
  /** Every byte that the one between could read while he ended TLS himself. */
  understood(): Buffer;
  /** From now on he ends TLS with a certificate of his own, and speaks to the worker himself; without one he copies. */
  between(certificate: { cert: string; key: string } | undefined): void;
}

export async function openWatchedWay(port: number): Promise<WatchedWay> {
  const seen = { copied: [] as Buffer[], understood: [] as Buffer[] };
  let certificate: { cert: string; key: string } | undefined;

  function join(near: Socket, far: Socket, into: Buffer[]): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      // What was said last still arrives.
      from.on("error", () => to.destroy()).on("end", () => to.end());
      from.on("data", (bytes: Buffer) => {
        into.push(bytes);
        to.write(bytes);
      });
    }
  }

  const server = createServer((near) => {
    if (certificate === undefined) return join(near, connect(port, "127.0.0.1"), seen.copied);
    const secureContext = createSecureContext(certificate);
    const ended = new TLSSocket(near, { isServer: true, secureContext });
    join(ended, connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false }), seen.understood);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    copied: () => Buffer.concat(seen.copied),
    understood: () => Buffer.concat(seen.understood),
    between: (his) => (certificate = his),
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
