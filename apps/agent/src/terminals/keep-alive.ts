import { CLOSE } from "@ws/rpc-contract/frames";
import type { Clock } from "@ws/workspace-core";
import type { WebSocket } from "ws";

const PING_MS = 10_000;
const DEAD_MS = 25_000;
const CLOSE_WITHIN_MS = 2_000;

/**
 * Drops a peer that says nothing for half a minute; a living one answers pings by itself. While the socket is paused it is
 * the agent that does not listen.
 */
export function keepAlive(socket: WebSocket, clock: Clock): void {
  const gone = new AbortController();
  let heard = clock.monotonic();
  const hear = (): void => void (heard = clock.monotonic());
  socket.on("message", hear);
  socket.on("pong", hear);
  socket.on("close", () => gone.abort());

  async function watch(): Promise<void> {
    for (;;) {
      if (socket.isPaused) hear();
      if (clock.monotonic() - heard >= DEAD_MS) break;
      socket.ping();
      await clock.sleep(PING_MS, gone.signal);
    }
    // One that reads nothing gets to know why when it reads again, if that is soon.
    if (socket.bufferedAmount > 0) closeSoon(socket, clock, CLOSE.tooSlow, "nothing was read");
    else socket.terminate();
  }
  watch().catch(() => undefined);
}

/** Closes as the protocol has it, and cuts off a peer that does not play its part. */
export function closeSoon(socket: WebSocket, clock: Pick<Clock, "sleep">, code: number, reason: string): void {
  const closed = new AbortController();
  socket.once("close", () => closed.abort());
  socket.close(code, reason);
  clock.sleep(CLOSE_WITHIN_MS, closed.signal).then(
    () => socket.terminate(),
    () => undefined,
  );
}
