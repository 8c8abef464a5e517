import { useState } from "react";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { AlertDialog, AlertDialogCancel, AlertDialogContent } from "../../components/ui/alert-dialog.tsx";
import { Button } from "../../components/ui/button.tsx";
import { DialogBody, DialogFooter } from "../../components/ui/dialog.tsx";
import { toProblem, type Problem } from "../../problem.ts";
import { useServices } from "../../services.ts";
import type { FileDone } from "./file-dialogs.tsx";
import { baseOf, isWithin } from "./paths.ts";

interface RemoveDialogProps {
  name: string;
  path: string;
  isFolder: boolean;
  unsaved: ReadonlySet<string>;
  close: () => void;
  done: (done: FileDone) => void;
  focusTree: () => void;
}

/** Says what is destroyed before it is. */
export function RemoveDialog({ name, path, isFolder, unsaved, close, done, focusTree }: RemoveDialogProps) {
  const { client } = useServices();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const lost = [...unsaved].filter((other) => isWithin(other, path)).length;

  const remove = async () => {
    setBusy(true);
    try {
      await client.files.remove({ name, path, recursive: isFolder });
      done({ kind: "remove", path });
      close();
    } catch (error) {
      setProblem(toProblem(error));
      setBusy(false);
    }
  };

  return (
    <AlertDialog open onOpenChange={(open) => !open && close()}>
      <AlertDialogContent
        title={`Delete '${baseOf(path)}'?`}
        description={
          <>
            {isFolder ? "The folder is deleted with everything in it." : "The file is deleted."} Only what is committed
            can be brought back.
            {lost > 0 && (
              <strong className="mt-1 block font-semibold text-ink">
                Changes that are not saved are lost too{lost > 1 && ` (${lost} files)`}.
              </strong>
            )}
          </>
        }
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          focusTree();
        }}
      >
        {problem !== undefined && (
          <DialogBody>
            <Notice tone="bad" title="It was not deleted" urgent>
              <ProblemText problem={problem} />
            </Notice>
          </DialogBody>
        )}
        <DialogFooter>
          <AlertDialogCancel asChild>
            <Button>Cancel</Button>
          </AlertDialogCancel>
          <Button variant="danger" busy={busy} onClick={() => void remove()}>
            Delete
          </Button>
        </DialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
