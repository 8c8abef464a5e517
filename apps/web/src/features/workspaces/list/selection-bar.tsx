import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Play, Square, Trash2, X } from "lucide-react";
import { useState } from "react";
import { DialogFrame } from "../../../components/dialog-frame.tsx";
import { lazyPart } from "../../../components/lazy-part.ts";
import { Button } from "../../../components/ui/button.tsx";
import { fitsFor, type Bulk } from "./bulk.ts";

const BulkDialog = lazyPart(() => import("./bulk-dialog.tsx"));

interface SelectionBarProps {
  selected: readonly WorkspaceInfo[];
  /** Whether rows are being selected, though none may be yet. */
  selecting: boolean;
  /** Whether the worker can be told anything now. */
  live: boolean;
  select: (ids: readonly string[]) => void;
  clear: () => void;
}

/** What can be done to all that are selected at once. */
export function SelectionBar({ selected, selecting, live, select, clear }: SelectionBarProps) {
  const [asked, setAsked] = useState<{ bulk: Bulk; workspaces: readonly WorkspaceInfo[] }>();
  const button = (bulk: Bulk) => {
    const workspaces = selected.filter(fitsFor[bulk]);
    return {
      size: "small",
      disabled: !live || workspaces.length === 0,
      ...(!live && { title: "The worker does not answer now." }),
      onClick: () => setAsked({ bulk, workspaces }),
    } as const;
  };
  return (
    <>
      {(selected.length > 0 || selecting) && (
        <div
          role="toolbar"
          aria-label="Selected workspaces"
          className="sticky bottom-3 z-30 mx-auto mt-3 flex w-fit max-w-full flex-wrap items-center gap-2 rounded-xl border border-line bg-surface p-2 pl-3.5 max-sm:gap-1.5 shadow-float"
        >
          <span className="mr-1 text-sm tabular-nums" role="status">
            {selected.length} <span className="max-sm:sr-only">selected</span>
          </span>
          <Button {...button("start")}>
            <Play aria-hidden />
            Start
          </Button>
          <Button {...button("stop")}>
            <Square aria-hidden />
            Stop…
          </Button>
          <Button {...button("delete")}>
            <Trash2 aria-hidden />
            Delete…
          </Button>
          <Button variant="ghost" size="iconSmall" aria-label="End the selection" onClick={clear}>
            <X aria-hidden />
          </Button>
        </div>
      )}
      {asked !== undefined && (
        <DialogFrame close={() => setAsked(undefined)}>
          <BulkDialog
            {...asked}
            close={(left) => {
              setAsked(undefined);
              // Those that refused stay selected: something is still to be done about them.
              if (left !== undefined) select(left);
            }}
          />
        </DialogFrame>
      )}
    </>
  );
}
