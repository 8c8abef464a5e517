import { useEffect } from "react";
import { useServices, useSession } from "../services.ts";
import { useTasks } from "../tasks/use-tasks.ts";
import { mayNotify } from "./browser.ts";
import { closeOver } from "./over.ts";
import { keepUp } from "./subscription.ts";
import { createLookTeller } from "./tell-looks.ts";

/** What shows that somebody is at a page that is in front. */
const USES = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/** What notifications need of a page that is open. It shows nothing. */
export function Attendance() {
  useLooks();
  useToldAsMe();
  useOver();
  return null;
}

/** No other device is told what is seen here. A page of a worker behind this one does not show what waits at this one. */
function useLooks(): void {
  const { worker, hub, timers } = useServices();
  const isHub = worker === undefined;
  useEffect(() => {
    if (!isHub) return undefined;
    const teller = createLookTeller({
      say: async (here) => (await hub.notifications.look.call({ here })).told,
      timers,
    });
    const used = () => {
      if (document.visibilityState === "visible" && document.hasFocus()) teller.used();
    };
    const looked = () => (document.visibilityState === "visible" ? used() : teller.left());
    used();
    for (const use of USES) window.addEventListener(use, used, { passive: true, capture: true });
    document.addEventListener("visibilitychange", looked);
    return () => {
      teller.stop();
      for (const use of USES) window.removeEventListener(use, used, { capture: true });
      document.removeEventListener("visibilitychange", looked);
    };
  }, [isHub, hub, timers]);
}

/** The service worker answers as whoever is signed in, and what this browser is told goes on with a new sign-in. */
function useToldAsMe(): void {
  const { hub } = useServices();
  const session = useSession();
  const token = session.kind === "signed_in" ? session.token : undefined;
  useEffect(() => {
    // What could not be done now is done by the next page.
    if (token !== undefined && mayNotify() && "caches" in window) keepUp(hub, token).catch(() => undefined);
  }, [hub, token]);
}

/** What was answered is not asked any more. */
function useOver(): void {
  const { worker } = useServices();
  const { tasks } = useTasks();
  const base = worker === undefined ? "" : `/on/${worker}`;
  useEffect(() => {
    if (tasks === undefined || !mayNotify() || !("serviceWorker" in navigator)) return;
    closeOver(tasks, base).catch(() => undefined);
  }, [tasks, base]);
}
