import { lazyPart } from "../../../components/lazy-part.ts";
import { Suspense } from "react";
import type { ActionDialogsProps } from "./ask.ts";

const AskedDialog = lazyPart(() => import("./asked-dialog.tsx"));

/** The dialog of the action that was asked for, if any, loaded when there is one. */
export function ActionDialogs({ ask, ...props }: ActionDialogsProps) {
  if (ask === undefined) return null;
  return (
    <Suspense fallback={null}>
      <AskedDialog {...props} ask={ask} />
    </Suspense>
  );
}
