import { createContext, use, useCallback, useState, useSyncExternalStore, type ReactNode } from "react";
import { createKept, type Kept } from "../kept.ts";
import { useAskBeforeLeaving } from "./use-ask-before-leaving.ts";

const KeptContext = createContext<Kept | undefined>(undefined);

/** Above the pages and the sign-in. While something in it is work, the browser asks before it closes or leaves the dashboard. */
export function KeptProvider({ children }: { children: ReactNode }) {
  const [kept] = useState(createKept);
  useAskBeforeLeaving(kept.subscribe, () => kept.works() > 0);
  return <KeptContext value={kept}>{children}</KeptContext>;
}

export function useAllKept(): Kept {
  const kept = use(KeptContext);
  if (kept === undefined) throw new Error("useAllKept needs a KeptProvider above it.");
  return kept;
}

/**
 * State that is still there when its place is shown again; `undefined` forgets it. One place always holds one type. What `isWork` says
 * of is asked about before it is lost, wherever the person is by then; it does not change.
 */
export function useKept<T>(
  place: string,
  isWork?: (value: T) => boolean,
): [T | undefined, (value: T | undefined) => void] {
  const kept = useAllKept();
  const value = useSyncExternalStore(kept.subscribe, () => kept.get(place) as T | undefined);
  const set = useCallback(
    (next: T | undefined) => kept.set(place, next, next !== undefined && isWork?.(next) === true),
    // oxlint-disable-next-line react/exhaustive-deps -- `isWork` does not change
    [kept, place],
  );
  return [value, set];
}
