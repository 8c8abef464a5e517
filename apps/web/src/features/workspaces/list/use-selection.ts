import type { WorkspaceInfo } from "@ws/rpc-contract";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

export interface Selection {
  /** Those that are still there, in the list's order. */
  workspaces: readonly WorkspaceInfo[];
  has: (id: string) => boolean;
  /** Adds one or takes it away; with `range` all between the last one and it as well. */
  toggle: (id: string, range?: boolean) => void;
  set: (ids: readonly string[]) => void;
}

/** Which workspaces are selected, of those that the list shows, in its order. */
export function useSelection(shown: readonly WorkspaceInfo[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(NOBODY);
  const order = useRef(shown);
  const last = useRef<string>(undefined);
  useEffect(() => {
    order.current = shown;
  }, [shown]);
  const toggle = useCallback((id: string, range = false) => {
    const all = order.current.map((workspace) => workspace.id);
    const [from, to] = [all.indexOf(last.current ?? ""), all.indexOf(id)].sort((a, b) => a - b);
    last.current = id;
    setIds((before) => {
      const next = new Set(before);
      if (!before.has(id)) next.add(id);
      else next.delete(id);
      if (range && from !== undefined && from >= 0) {
        for (const between of all.slice(from, (to ?? from) + 1)) next.add(between);
      }
      return next;
    });
  }, []);
  const set = useCallback((next: readonly string[]) => setIds(new Set(next)), []);
  // What a filter hides is not done away with unseen.
  const workspaces = useMemo(() => shown.filter(({ id }) => ids.has(id)), [shown, ids]);
  const has = useCallback((id: string) => ids.has(id), [ids]);
  return { workspaces, has, toggle, set };
}

const NOBODY: ReadonlySet<string> = new Set();
