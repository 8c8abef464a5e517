import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { useAskBeforeLeaving } from "../../components/use-ask-before-leaving.ts";
import type { WorkspaceUploads } from "./workspace-uploads.ts";

/** Holds what the first page that shows files makes, so that no page has to load it before. */
interface UploadsHolder {
  all(): WorkspaceUploads | undefined;
  get(make: () => WorkspaceUploads): WorkspaceUploads;
  subscribe(listener: () => void): () => void;
}

const UploadsContext = createContext<UploadsHolder | undefined>(undefined);

/** Above the pages, and below the sign-in: what is sent with one token ends with it. */
export function UploadsProvider({ children }: { children: ReactNode }) {
  const [holder] = useState(createHolder);
  useEffect(() => () => holder.all()?.cancel(), [holder]);
  useAskBeforeLeaving(holder.subscribe, () => holder.all()?.running() === true);
  return <UploadsContext value={holder}>{children}</UploadsContext>;
}

export function useWorkspaceUploads(make: () => WorkspaceUploads): WorkspaceUploads {
  const holder = use(UploadsContext);
  if (holder === undefined) throw new Error("useWorkspaceUploads needs an UploadsProvider above it.");
  return holder.get(make);
}

function createHolder(): UploadsHolder {
  const listeners = new Set<() => void>();
  let all: WorkspaceUploads | undefined;
  return {
    all: () => all,
    get(make) {
      if (all !== undefined) return all;
      all = make();
      all.subscribe(() => {
        for (const listener of listeners) listener();
      });
      return all;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
