import type { WorkspaceUsage } from "@ws/rpc-contract";
import { createContext, use, useCallback, useState, useSyncExternalStore, type ReactNode } from "react";
import { useServices } from "../services.ts";
import { createLiveUsage, type LiveUsage } from "./usage.ts";
import { useWhileShown } from "./use-while-shown.ts";

const UsageContext = createContext<LiveUsage | undefined>(undefined);

interface UsageProviderProps {
  /** Of this workspace only; of all that run where absent. */
  name?: string;
  children: ReactNode;
}

/** Around a screen that shows what workspaces use: the stream is open as long as that is looked at. */
export function UsageProvider({ name, children }: UsageProviderProps) {
  return (
    <Following key={name} {...(name !== undefined && { name })}>
      {children}
    </Following>
  );
}

function Following({ name, children }: UsageProviderProps) {
  const { client, connection } = useServices();
  const [usage] = useState(() =>
    createLiveUsage({
      open: (signal) => client.workspaces.usage(name === undefined ? {} : { name }, { signal }),
      connection,
    }),
  );
  useWhileShown(usage);
  return <UsageContext value={usage}>{children}</UsageContext>;
}

export function useLiveUsage(): LiveUsage {
  const usage = use(UsageContext);
  if (usage === undefined) throw new Error("useLiveUsage needs a UsageProvider above it.");
  return usage;
}

/**
 * What `read` makes of the last reading of one workspace. Who shows a text or a number gives that back, and is rendered again only
 * where it has changed.
 */
export function useUsageOf<T extends string | number | WorkspaceUsage | undefined>(
  id: string,
  read: (usage: WorkspaceUsage | undefined) => T,
): T {
  const usage = useLiveUsage();
  const watch = useCallback((listener: () => void) => usage.watch(id, listener), [usage, id]);
  return useSyncExternalStore(watch, () => read(usage.of(id)));
}
