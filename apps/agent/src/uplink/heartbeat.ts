import type { Clock } from "@ws/workspace-core";
import type { WebSocket } from "ws";

const BEAT_MS = 15_000;
const SILENT_MS = 40_000;

/**
 * Asks the other end every fifteen seconds whether it is there, which `onAsk` is told, and tells `onBeat` how long it took to answer, in
 * milliseconds. One that says nothing at all for forty seconds is dropped.
 */
export function keepBeating(
  socket: WebSocket,
  clock: Clock,
  { onBeat, onAsk }: { onBeat?: (latencyMs: number) => void; onAsk?: () => void } = {},
): void {
  const gone = new AbortController();
  let heard = clock.monotonic();
  let asked: number | undefined;
  const hear = (): void => void (heard = clock.monotonic());
  socket.on("message", hear);
  socket.on("ping", hear);
  socket.on("pong", () => {
    hear();
    if (asked !== undefined) onBeat?.(heard - asked);
    asked = undefined;
  });
  socket.once("close", () => gone.abort());

  async function beat(): Promise<void> {
    for (;;) {
      // While it is paused it is this end that does not listen.
      if (socket.isPaused) hear();
      if (clock.monotonic() - heard >= SILENT_MS) return socket.terminate();
      onAsk?.();
      asked = clock.monotonic();
      socket.ping();
      await clock.sleep(BEAT_MS, gone.signal);
    }
  }
  beat().catch(() => undefined);
}
