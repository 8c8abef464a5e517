import type { Wetty } from "../peers/wetty.ts";
import type { Shell } from "./print.ts";

/** What wetty's page acknowledges at a time, once its terminal has drawn it. */
const COMMIT = 262_144;

/** A shell behind wetty, driven as its own page drives it. */
export async function wettyShell(wetty: Wetty, signal: AbortSignal): Promise<Shell & Disposable> {
  const socket = wetty.connect(wetty.url, { path: "/socket.io", transports: ["websocket"], forceNew: true });
  const ready = Promise.withResolvers<void>();
  const abort = (): void => ready.reject(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  const listeners: ((bytes: Buffer) => void)[] = [];
  let uncommitted = 0;
  socket.on("login", () => ready.resolve());
  socket.on("connect_error", (error: Error) => ready.reject(error));
  socket.on("data", (text: string) => {
    for (const listener of listeners) listener(Buffer.from(text));
    uncommitted += text.length;
    if (uncommitted < COMMIT) return;
    uncommitted -= COMMIT;
    socket.emit("commit", COMMIT);
  });
  await ready.promise.finally(() => signal.removeEventListener("abort", abort));
  return {
    write: (text) => void socket.emit("input", text),
    onOutput: (listener) => void listeners.push(listener),
    [Symbol.dispose]: () => void socket.disconnect(),
  };
}
