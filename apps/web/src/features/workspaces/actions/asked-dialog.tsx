import type { ActionDialogsProps, Ask } from "./ask.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { InterruptDialog } from "./interrupt-dialog.tsx";
import { RenameDialog } from "./rename-dialog.tsx";

/** The dialog that belongs to what was asked. */
export default function AskedDialog({ ask, close, onRenamed, onDeleted }: ActionDialogsProps & { ask: Ask }) {
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
