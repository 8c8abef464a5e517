import { PathDialog } from "./path-dialog.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";

/** An action that a dialog asks about. */
export type FileAsk =
  | { kind: "newFile" | "newFolder"; folder: string }
  | { kind: "rename"; path: string; isFolder: boolean }
  | { kind: "remove"; path: string; isFolder: boolean };

/** What an action has done. */
export type FileDone =
  | { kind: "newFile" | "newFolder"; path: string }
  | { kind: "rename"; path: string; to: string }
  | { kind: "remove"; path: string };

interface FileDialogsProps {
  name: string;
  ask: FileAsk | undefined;
  /** Of those that are not saved. */
  unsaved: ReadonlySet<string>;
  close: () => void;
  done: (done: FileDone) => void;
  focusTree: () => void;
}

/** The dialog of the action that was asked for, if any. */
export function FileDialogs({ ask, ...props }: FileDialogsProps) {
  if (ask === undefined) return null;
  return ask.kind === "remove" ? <RemoveDialog {...props} {...ask} /> : <PathDialog {...props} ask={ask} />;
}
