import type { FileAsk, FileDone } from "./file-ask.ts";
import { PathDialog } from "./path-dialog.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";

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
