import { useEffect, useState } from "react";
import { canNotify } from "./browser.ts";

interface Permission {
  /** Undefined where the browser can tell nobody of anything. */
  state: NotificationPermission | undefined;
  /** Asks the person, at a press of theirs. */
  ask: () => void;
}

/** Whether the browser may tell somebody, also where that is changed in its own settings meanwhile. */
export function usePermission(): Permission {
  const [state, setState] = useState(() => (canNotify() ? Notification.permission : undefined));
  useEffect(() => {
    if (!canNotify() || !("permissions" in navigator)) return undefined;
    const gone = new AbortController();
    navigator.permissions.query({ name: "notifications" }).then(
      (status) => {
        if (gone.signal.aborted) return;
        status.addEventListener("change", () => setState(Notification.permission), { signal: gone.signal });
      },
      // A browser that does not tell of changes says how it is at the next look.
      () => undefined,
    );
    return () => gone.abort();
  }, []);
  return { state, ask: () => void Notification.requestPermission().then(setState) };
}
