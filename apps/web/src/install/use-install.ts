import { useSyncExternalStore } from "react";
import { useServices } from "../services.ts";

/** How this browser makes an app of the page: at a press, from its own menu, or not at all. */
type Install =
  | { by: "press"; install: () => Promise<void> }
  /** Of iPhones and iPads, whose browsers offer nothing to a page. */
  | { by: "share" }
  | { by: "menu" }
  | { by: "nothing"; why: "insecure" | "installed" };

export function useInstall(): Install {
  const { install: offer } = useServices();
  const install = useSyncExternalStore(offer.subscribe, offer.state);
  if (!window.isSecureContext) return { by: "nothing", why: "insecure" };
  if (isInstalled()) return { by: "nothing", why: "installed" };
  if (install !== undefined) return { by: "press", install };
  return { by: "standalone" in navigator ? "share" : "menu" };
}

/** Whether this is the app and not a tab of a browser. */
function isInstalled(): boolean {
  return (
    matchMedia("(display-mode: standalone)").matches || ("standalone" in navigator && navigator.standalone === true)
  );
}
