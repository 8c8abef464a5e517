import type { WorkspaceInfo } from "@ws/rpc-contract";
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { useServices } from "../../services.ts";
import { createLiveWorkspaces, type LiveState, type LiveWorkspaces } from "./live.ts";

const LiveContext = createContext<LiveWorkspaces | undefined>(undefined);
const HIDDEN_MS = 15_000;

/**
 * One stream for the whole page. A hidden tab gives it up after a while and catches up when it is shown again: a
 * browser has six connections for all tabs of one address, and a tab per workspace would use them up.
 */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { client, timers, connection } = useServices();
  const [live] = useState(() =>
    createLiveWorkspaces({ open: (signal) => client.workspaces.events(undefined, { signal }), connection }),
  );
  useEffect(() => {
    let cancel = () => {};
    const followVisibility = () => {
      cancel();
      if (document.visibilityState === "hidden") cancel = timers.after(HIDDEN_MS, live.stop);
      else live.start();
    };
    live.start();
    followVisibility();
    document.addEventListener("visibilitychange", followVisibility);
    return () => {
      cancel();
      live.stop();
      document.removeEventListener("visibilitychange", followVisibility);
    };
  }, [live, timers]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): LiveState & { retryNow: () => void } {
  const live = use(LiveContext);
  const { connection } = useServices();
  if (live === undefined) throw new Error("useLive needs a LiveProvider above it.");
  const state = useSyncExternalStore(live.subscribe, live.state);
  return { ...state, retryNow: connection.retryNow };
}

/** A workspace of this name, or, once it was seen, the same one under its new name. Undefined where there is none. */
export function useWorkspace(name: string): WorkspaceInfo | undefined {
  const { workspaces } = useLive();
  const [seen, setSeen] = useState<{ name: string; id: string }>();
  const named = workspaces?.find((workspace) => workspace.name === name);
  if (named !== undefined && (seen?.name !== name || seen.id !== named.id)) setSeen({ name, id: named.id });
  if (named !== undefined || seen?.name !== name) return named;
  return workspaces?.find((workspace) => workspace.id === seen.id);
}
