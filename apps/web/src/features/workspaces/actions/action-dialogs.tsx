import { lazyPart } from "../../../components/lazy-part.ts";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Suspense } from "react";

const AskedDialog = lazyPart(() => import("./asked-dialog.tsx"));

/** An action that needs an answer first. */
export interface Ask {
  kind: "stop" | "restart" | "rename" | "delete";
  workspace: WorkspaceInfo;
}

export interface ActionDialogsProps {
  ask: Ask | undefined;
  close: () => void;
  onRenamed?: (newName: string) => void;
  onDeleted?: () => void;
}

/** The dialog of the action that was asked for, if any, loaded when there is one. */
export function ActionDialogs({ ask, ...props }: ActionDialogsProps) {
  if (ask === undefined) return null;
  return (
    <Suspense fallback={null}>
      <AskedDialog {...props} ask={ask} />
    </Suspense>
  );
}
