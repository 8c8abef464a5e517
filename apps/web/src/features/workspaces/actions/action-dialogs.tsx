import { DialogFrame } from "../../../components/dialog-frame.tsx";
import { lazyPart } from "../../../components/lazy-part.ts";
import type { ActionDialogsProps } from "./ask.ts";

const AskedDialog = lazyPart(() => import("./asked-dialog.tsx"));

/** The dialog of the action that was asked for, if any, loaded when there is one. */
export function ActionDialogs({ ask, ...props }: ActionDialogsProps) {
  if (ask === undefined) return null;
  return (
    <DialogFrame close={props.close}>
      <AskedDialog {...props} ask={ask} />
    </DialogFrame>
  );
}
