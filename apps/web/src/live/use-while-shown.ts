import { useEffect } from "react";
import { useServices } from "../services.ts";

const HIDDEN_MS = 15_000;

interface Shown {
  start(): void;
  stop(): void;
}

/**
 * Keeps a stream open while the page is looked at. A hidden tab gives it up after a while and catches up when it is shown again: a
 * browser has six connections for all tabs of one address, and a tab per workspace would use them up. `turnToListen` resolves once a
 * tab that is hidden is to go on listening all the same; until its signal aborts. Both have to be the same each time.
 */
export function useWhileShown(stream: Shown, turnToListen?: (signal: AbortSignal) => Promise<void>): void {
  const { timers } = useServices();
  useEffect(() => {
    let cancel = () => {};
    const followVisibility = () => {
      cancel();
      if (document.visibilityState === "visible") return stream.start();
      const shown = new AbortController();
      const rest = timers.after(HIDDEN_MS, stream.stop);
      cancel = () => {
        rest();
        shown.abort();
      };
      void turnToListen?.(shown.signal).then(() => {
        if (shown.signal.aborted) return;
        rest();
        stream.start();
      });
    };
    stream.start();
    followVisibility();
    document.addEventListener("visibilitychange", followVisibility);
    return () => {
      cancel();
      stream.stop();
      document.removeEventListener("visibilitychange", followVisibility);
    };
  }, [stream, timers, turnToListen]);
}
