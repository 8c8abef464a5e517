import type { WorkspaceInfo } from "@ws/rpc-contract";

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

/** What a menu of actions is about. */
export interface ActionsOf {
  workspace: WorkspaceInfo;
  /** Opens the dialog of an action that needs one. */
  ask: (ask: Ask) => void;
}
