import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { createDrafts, type Draft, type Drafts } from "./drafts.ts";

const DraftsContext = createContext<Drafts | undefined>(undefined);

/** Above the pages. While something is not saved, the browser asks before it closes or leaves the dashboard. */
export function DraftsProvider({ children }: { children: ReactNode }) {
  const [drafts] = useState(createDrafts);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    let asks = false;
    // A page that listens for it is kept out of the browser's back-forward cache.
    const follow = () => {
      if (drafts.any() === asks) return;
      asks = !asks;
      if (asks) window.addEventListener("beforeunload", ask);
      else window.removeEventListener("beforeunload", ask);
    };
    const unsubscribe = drafts.subscribe(follow);
    return () => {
      unsubscribe();
      window.removeEventListener("beforeunload", ask);
    };
  }, [drafts]);
  return <DraftsContext value={drafts}>{children}</DraftsContext>;
}

export function useDrafts(workspace: string): { drafts: Drafts; unsaved: ReadonlyMap<string, Draft> } {
  const drafts = use(DraftsContext);
  if (drafts === undefined) throw new Error("useDrafts needs a DraftsProvider above it.");
  const unsaved = useSyncExternalStore(drafts.subscribe, () => drafts.of(workspace));
  return { drafts, unsaved };
}
