import { Bell, BellOff, BellRing } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/button.tsx";

/** Asks the browser, at a press and never by itself, whether it may tell somebody who is away. */
export function AwayNews() {
  const [permission, setPermission] = useState(() => (canNotify() ? Notification.permission : undefined));
  if (permission === undefined) return null;
  if (permission === "default") {
    return (
      <Button size="small" onClick={() => void Notification.requestPermission().then(setPermission)}>
        <Bell aria-hidden />
        Tell me when I am away
      </Button>
    );
  }
  return (
    <p className="flex items-center gap-2 text-[0.8125rem] text-muted">
      {permission === "granted" ? (
        <BellRing className="size-4" aria-hidden />
      ) : (
        <BellOff className="size-4" aria-hidden />
      )}
      {permission === "granted"
        ? "This browser tells you of what is new while the page is out of sight."
        : "This browser does not let the page tell you anything. Allow it in the settings of the site."}
    </p>
  );
}

function canNotify(): boolean {
  return window.isSecureContext && "Notification" in window;
}
