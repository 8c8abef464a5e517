/** Before each further try where something of the page did not come: its network changed, the worker was started anew. */
const WAITS_MS = [2_000, 10_000, 60_000];

/** Lets the page be kept for when the worker cannot be reached; only a secure origin may. */
export function keepPage(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // After all that the first screen needs: it takes the same network.
  addEventListener("load", () => keep(navigator.serviceWorker, WAITS_MS));
}

function keep(container: ServiceWorkerContainer, [wait, ...waits]: readonly number[]): void {
  container.register("/sw.js").then(
    // Nothing, where whoever drives the browser allows no service workers.
    (registration?: ServiceWorkerRegistration) => {
      const coming = registration?.installing;
      coming?.addEventListener("statechange", () => {
        const hasFailed = coming.state === "redundant" && registration?.active === null;
        if (hasFailed && wait !== undefined) setTimeout(() => keep(container, waits), wait);
      });
    },
    () => {
      // Storage may be full, or forbidden in a private window: the page works without being kept.
    },
  );
}
