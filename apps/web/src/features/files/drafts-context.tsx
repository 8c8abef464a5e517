import { createContext, use, useState, useSyncExternalStore, type ReactNode } from "react";
import { useAskBeforeLeaving } from "../../components/use-ask-before-leaving.ts";
import { createDrafts, type Draft, type Drafts } from "./drafts.ts";

const DraftsContext = createContext<Drafts | undefined>(undefined);

/** Above the pages and the sign-in. While something is not saved, the browser asks before it closes or leaves the dashboard. */
export function DraftsProvider({ children }: { children: ReactNode }) {
  const [drafts] = useState(createDrafts);
  useAskBeforeLeaving(drafts.subscribe, () => drafts.count() > 0);
  return <DraftsContext value={drafts}>{children}</DraftsContext>;
}

export function useAllDrafts(): Drafts {
  const drafts = use(DraftsContext);
  if (drafts === undefined) throw new Error("useAllDrafts needs a DraftsProvider above it.");
  return drafts;
}

export function useDrafts(workspace: string): { drafts: Drafts; unsaved: ReadonlyMap<string, Draft> } {
  const drafts = useAllDrafts();
  const unsaved = useSyncExternalStore(drafts.subscribe, () => drafts.of(workspace));
  return { drafts, unsaved };
}
