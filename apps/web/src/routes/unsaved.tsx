import { useState, type ReactNode } from "react";
import { DialogFrame } from "../components/dialog-frame.tsx";
import { lazyPart } from "../components/lazy-part.ts";
import { KeptProvider, useAllKept } from "../components/kept-context.tsx";
import { DraftsProvider, useAllDrafts } from "../features/files/drafts-context.tsx";
import { useServices } from "../services.ts";
import type { Unsaved } from "./sign-out-dialog.tsx";

const SignOutDialog = lazyPart(() => import("./sign-out-dialog.tsx"));

/** Holds what was begun and is not saved. Above the sign-in: a token that ends must not take it along. */
export function UnsavedProvider({ children }: { children: ReactNode }) {
  return (
    <KeptProvider>
      <DraftsProvider>{children}</DraftsProvider>
    </KeptProvider>
  );
}

/** Signs out, and asks first where texts would be given up by it; `question` is shown meanwhile. */
export function useSignOut(): { signOut: () => void; question: ReactNode } {
  const { session } = useServices();
  const drafts = useAllDrafts();
  const kept = useAllKept();
  const [asking, setAsking] = useState<Unsaved>();
  const leave = () => {
    drafts.clear();
    kept.clear();
    void session.signOut();
  };
  return {
    signOut() {
      const unsaved = { files: drafts.count(), texts: kept.works() };
      if (unsaved.files + unsaved.texts === 0) leave();
      else setAsking(unsaved);
    },
    question: asking !== undefined && (
      <DialogFrame close={() => setAsking(undefined)}>
        <SignOutDialog unsaved={asking} leave={leave} close={() => setAsking(undefined)} />
      </DialogFrame>
    ),
  };
}
