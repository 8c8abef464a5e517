import type { WorkspaceInfo } from "@ws/rpc-contract";
import { createContext, use, useState, useSyncExternalStore, type ReactNode } from "react";
import { useServices } from "../services.ts";
import { createLive, type Live } from "./live.ts";
import { useWhileShown } from "./use-while-shown.ts";
import type { LiveState } from "./workspaces.ts";

const LiveContext = createContext<Live | undefined>(undefined);

interface LiveProviderProps {
  /** Resolves once a tab that is hidden is to go on listening, to tell of what needs somebody; until the signal aborts. */
  turnToListen: (signal: AbortSignal) => Promise<void>;
  children: ReactNode;
}

/** One stream of workspaces and tasks for the whole page. */
export function LiveProvider({ turnToListen, children }: LiveProviderProps) {
  const { client, connection } = useServices();
  const [live] = useState(() =>
    createLive({ open: (signal) => client.workspaces.events({ tasks: true }, { signal }), connection }),
  );
  useWhileShown(live, turnToListen);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLiveParts(): Live {
  const live = use(LiveContext);
  if (live === undefined) throw new Error("useLiveParts needs a LiveProvider above it.");
  return live;
}

export function useLive(): LiveState {
  const { workspaces } = useLiveParts();
  return useSyncExternalStore(workspaces.subscribe, workspaces.state);
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
