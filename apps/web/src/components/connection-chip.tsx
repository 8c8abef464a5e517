import { PlugZap } from "lucide-react";
import { cn } from "./ui/cn.ts";

interface ConnectionChipProps {
  connection: "connecting" | "live" | "reconnecting";
  retry: () => void;
}

/** Whether what the page shows is the present. */
export function ConnectionChip({ connection, retry }: ConnectionChipProps) {
  return (
    <span role="status" className="flex shrink-0 items-center">
      {connection === "live" && (
        <span className="flex items-center gap-2 text-[0.8125rem] text-muted">
          <span className="size-1.5 rounded-full bg-good" aria-hidden />
          <span className="max-sm:sr-only">Live</span>
        </span>
      )}
      {connection !== "live" && (
        <button
          type="button"
          className={cn(
            "flex h-8 items-center gap-2 rounded-full px-3 text-[0.8125rem] font-medium",
            connection === "connecting" ? "bg-raised text-muted" : "bg-warn-soft text-warn",
          )}
          title="Try again now"
          onClick={retry}
        >
          <PlugZap className="size-4 animate-breathe" aria-hidden />
          {connection === "connecting" ? "Connecting…" : "Reconnecting…"}
        </button>
      )}
    </span>
  );
}
