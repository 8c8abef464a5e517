import type { WorkspaceInfo } from "@ws/rpc-contract";
import { DeleteDialog } from "./delete-dialog.tsx";
import { InterruptDialog } from "./interrupt-dialog.tsx";
import { RenameDialog } from "./rename-dialog.tsx";

/** An action that needs an answer first. */
export interface Ask {
  kind: "stop" | "restart" | "rename" | "delete";
  workspace: WorkspaceInfo;
}

interface ActionDialogsProps {
  ask: Ask | undefined;
  close: () => void;
  onRenamed?: (newName: string) => void;
  onDeleted?: () => void;
}

/** The dialog that belongs to what was asked. */
export function ActionDialogs({ ask, close, onRenamed, onDeleted }: ActionDialogsProps) {
  if (ask === undefined) return null;
  const { workspace } = ask;
  switch (ask.kind) {
    case "stop":
    case "restart":
      return <InterruptDialog kind={ask.kind} workspace={workspace} close={close} />;
    case "rename":
      return <RenameDialog workspace={workspace} close={close} onRenamed={onRenamed} />;
    case "delete":
      return <DeleteDialog workspace={workspace} close={close} onDeleted={onDeleted} />;
  }
}
