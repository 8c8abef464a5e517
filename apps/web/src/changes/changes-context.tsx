import { createContext, use, useEffect, useEffectEvent, useMemo, useSyncExternalStore, type ReactNode } from "react";
import { useWhileShown } from "../live/use-while-shown.ts";
import { useServices } from "../services.ts";
import { createCatchUp, type Changed } from "./catch-up.ts";
import { createWorkspaceChanges, type WorkspaceChanges } from "./workspace-changes.ts";

const ChangesContext = createContext<WorkspaceChanges | undefined>(undefined);

/** One stream of what changes in a workspace's files, open while a part of its page shows some of them. */
export function WorkspaceChangesProvider({ name, children }: { name: string; children: ReactNode }) {
  const { client, connection } = useServices();
  const changes = useMemo(
    () => createWorkspaceChanges({ open: (signal) => client.files.watch({ name }, { signal }), connection }),
    [client, connection, name],
  );
  useWhileShown(changes);
  return <ChangesContext value={changes}>{children}</ChangesContext>;
}

/** Calls back with what changed in the workspace's files, while `shown`, and not again before the last call is done. */
export function useWorkspaceChanges(shown: boolean, read: (changed: Changed) => Promise<unknown>): void {
  const changes = use(ChangesContext);
  const latest = useEffectEvent(read);
  useEffect(() => {
    if (!shown) return undefined;
    return changes?.listen(createCatchUp((changed) => latest(changed)));
  }, [changes, shown]);
}

/** Says why changes come late, where they do. */
export function SlowChanges() {
  const changes = use(ChangesContext);
  const slow = useSyncExternalStore(
    (onChange) => changes?.subscribe(onChange) ?? (() => {}),
    () => changes?.slow(),
  );
  if (slow === undefined) return null;
  return (
    <p role="status" className="border-t border-line px-3 py-2 text-xs text-muted">
      {slow}
    </p>
  );
}
