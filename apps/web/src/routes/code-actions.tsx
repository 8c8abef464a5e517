import { useCallback, useState, type ReactNode } from "react";
import { CodeActionsContext, type CodeAsk } from "../components/code-actions-context.ts";
import { DialogFrame } from "../components/dialog-frame.tsx";
import { lazyPart } from "../components/lazy-part.ts";

const CodeActionSheet = lazyPart(() => import("../features/tasks/code-action-sheet.tsx"));

/** Lets the parts of a workspace's page ask a coding tool, in a sheet beside them. */
export function CodeActionsProvider({ workspace, children }: { workspace: string; children: ReactNode }) {
  const [asked, setAsked] = useState<{ ask: CodeAsk; number: number }>();
  const open = useCallback((ask: CodeAsk) => setAsked((before) => ({ ask, number: (before?.number ?? 0) + 1 })), []);
  const close = () => setAsked(undefined);
  return (
    <CodeActionsContext value={open}>
      {children}
      {asked !== undefined && (
        <DialogFrame close={close}>
          <CodeActionSheet key={asked.number} workspace={workspace} ask={asked.ask} close={close} />
        </DialogFrame>
      )}
    </CodeActionsContext>
  );
}
