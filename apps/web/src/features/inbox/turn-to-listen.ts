import { mayNotify } from "../../notifications/browser.ts";

/**
 * Whether this tab listens on while it is hidden: one of a browser's tabs does, where it may tell somebody. Resolves once it
 * is this one's turn, and never where it is not.
 */
export function turnToListen(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (!mayNotify() || !("locks" in navigator)) return promise;
  const hold = () => {
    resolve();
    return new Promise<void>((release) => signal.addEventListener("abort", () => release(), { once: true }));
  };
  navigator.locks.request("ws.away", { signal }, hold).catch(() => undefined);
  return promise;
}
