import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Something on the worker that nobody in a workspace may reach; it counts who connected. */
export async function listenAndCount(): Promise<AsyncDisposable & { port: number; hits(): number }> {
  let hits = 0;
  const listening = createServer((socket) => {
    hits += 1;
    socket.destroy();
  });
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  return {
    port: (listening.address() as AddressInfo).port,
    hits: () => hits,
    [Symbol.asyncDispose]: async () => void listening.close(),
  };
}
