/** Lets the page be kept for when the worker cannot be reached; only a secure origin may. */
export function keepPage(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // After all that the first screen needs: it takes the same network.
  addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {
      // Storage may be full, or forbidden in a private window: the page works without being kept.
    });
  });
}
