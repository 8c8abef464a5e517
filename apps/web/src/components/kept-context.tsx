import { createContext, use, useCallback, useState, useSyncExternalStore, type ReactNode } from "react";
import { createKept, type Kept } from "../kept.ts";

const KeptContext = createContext<Kept | undefined>(undefined);

/** Above the pages and the sign-in. */
export function KeptProvider({ children }: { children: ReactNode }) {
  const [kept] = useState(createKept);
  return <KeptContext value={kept}>{children}</KeptContext>;
}

export function useAllKept(): Kept {
  const kept = use(KeptContext);
  if (kept === undefined) throw new Error("useAllKept needs a KeptProvider above it.");
  return kept;
}

/** State that is still there when its place is shown again; `undefined` forgets it. One place always holds one type. */
export function useKept<T>(place: string): [T | undefined, (value: T | undefined) => void] {
  const kept = useAllKept();
  const value = useSyncExternalStore(kept.subscribe, () => kept.get(place) as T | undefined);
  return [value, useCallback((next: T | undefined) => kept.set(place, next), [kept, place])];
}
