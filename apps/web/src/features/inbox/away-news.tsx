import { Bell, BellOff, BellRing } from "lucide-react";
import { Link } from "react-router";
import { Button } from "../../components/ui/button.tsx";
import { usePermission } from "../../notifications/use-permission.ts";

/** Asks the browser, at a press and never by itself, whether it may tell somebody who is away. */
export function AwayNews() {
  const { state, ask } = usePermission();
  if (state === undefined) return null;
  if (state === "default") {
    return (
      <Button size="small" onClick={ask}>
        <Bell aria-hidden />
        Tell me when I am away
      </Button>
    );
  }
  const Icon = state === "granted" ? BellRing : BellOff;
  return (
    <p className="flex items-center gap-2 text-[0.8125rem] text-muted">
      <Icon className="size-4 shrink-0" aria-hidden />
      <span>
        {state === "granted"
          ? "This browser tells you of what is new while the page is out of sight. "
          : "This browser does not let the page tell you anything. Allow it in the settings of the site. "}
        {state === "granted" && (
          <Link to="/settings/notifications" className="text-accent underline underline-offset-2">
            Choose of what
          </Link>
        )}
      </span>
    </p>
  );
}
