import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";

/** A way to a server on which each piece takes so long, each way. */
export async function slowWay(port: number, ms: number) {
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    client.on("data", (bytes: Buffer) => void setTimeout(() => upstream.write(bytes), ms));
    upstream.on("data", (bytes: Buffer) => void setTimeout(() => client.write(bytes), ms));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on("error", () => undefined).on("close", () => other.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]: () => void server.close(),
  };
}
