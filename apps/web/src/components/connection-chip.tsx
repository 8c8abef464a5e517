import { PlugZap } from "lucide-react";
import type { ConnectionState } from "@ws/rpc-contract/connection";
import { useEffect, useState } from "react";
import { useConnection, useServices } from "../services.ts";
import { AWAY, heardText, outageOf } from "./outage.ts";
import { Button } from "./ui/button.tsx";
import { cn } from "./ui/cn.ts";

interface ConnectionProps {
  /** Whether the page knows what is the present; what it shows may be of before. */
  knows: boolean;
}

/** Whether what the page shows is the present, and when the worker was last heard. */
export function ConnectionChip({ knows }: ConnectionProps) {
  const { connection } = useServices();
  const state = useConnection();
  const word = wordOf(state, knows);
  const live = word === "Live";
  return (
    <span className="flex shrink-0 items-center">
      {/* The word alone is announced, when it becomes another; the count of seconds is not. */}
      <span role="status" className="sr-only">
        {word}
      </span>
      {live ? (
        <span aria-hidden className="flex items-center gap-2 px-1 text-[0.8125rem] text-muted">
          <span className="size-1.5 rounded-full bg-good" />
          <span className="max-sm:hidden">
            Live
            <LastHeard />
          </span>
        </span>
      ) : (
        <button
          type="button"
          className={cn(
            "flex h-8 items-center gap-2 rounded-full px-3 text-[0.8125rem] font-medium pointer-coarse:h-11",
            state.kind === "down" || state.kind === "stopped" ? "bg-warn-soft text-warn" : "bg-raised text-muted",
          )}
          title="Try again now"
          onClick={connection.retryNow}
        >
          <PlugZap className="size-4 animate-breathe" aria-hidden />
          <span className="max-sm:sr-only">{word}</span>
        </button>
      )}
    </span>
  );
}

function wordOf(
  state: ConnectionState,
  knows: boolean,
): "Live" | "Connecting…" | "Reconnecting…" | "Offline" | "Stopped" {
  if (state.kind === "stopped") return "Stopped";
  if (state.kind === "down") return state.problem?.code === AWAY ? "Offline" : "Reconnecting…";
  return state.kind === "up" && knows ? "Live" : "Connecting…";
}

function LastHeard() {
  const { connection } = useServices();
  const now = useSeconds();
  const heardAt = connection.heardAt();
  return <span className="ml-1 inline-block min-w-16 tabular-nums">· {heardText(heardAt, now)}</span>;
}

/** Too short to be told of: a page that is opened again, a network that is changed. */
const UNTOLD_MS = 2_000;

/** While the worker is away: why, when it is tried again, and since when nothing was heard. */
export function OutageBar() {
  const state = useConnection();
  return state.kind === "down" || state.kind === "stopped" ? <Outage state={state} /> : null;
}

function Outage({ state }: { state: Extract<ConnectionState, { kind: "down" | "stopped" }> }) {
  const { connection } = useServices();
  const now = useSeconds();
  const { said, next, tries } = outageOf(state, now);
  if (state.kind === "down" && now - state.since < UNTOLD_MS) return null;
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-warn/35 bg-warn-soft px-4 py-2 text-sm sm:px-6">
      <p className="min-w-0 flex-1 basis-60">
        <span role="alert" className="font-medium">
          {said}
        </span>{" "}
        <span className="text-muted tabular-nums">{next}</span>
      </p>
      {tries && (
        <Button size="small" onClick={connection.retryNow}>
          Try now
        </Button>
      )}
    </div>
  );
}

/** The present instant of the connection's clock, once a second. */
function useSeconds(): number {
  const { timers } = useServices();
  const [now, setNow] = useState(timers.now);
  useEffect(() => {
    const tick = () => setNow(timers.now());
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [timers]);
  return now;
}
