import { useEffect, useSyncExternalStore } from "react";

/** While it would lose something, the browser asks before it closes or leaves the dashboard. */
export function useAskBeforeLeaving(subscribe: (listener: () => void) => () => void, wouldLose: () => boolean): void {
  const asks = useSyncExternalStore(subscribe, wouldLose);
  useEffect(() => {
    // A page that listens for it is kept out of the browser's back-forward cache.
    if (!asks) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [asks]);
}
