import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { visible } from "../../components/visible.ts";
import { useServices } from "../../services.ts";
import type { FileDone } from "./file-ask.ts";
import { baseOf, isWithin } from "../../file-paths.ts";

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
  const lost = [...unsaved].filter((other) => isWithin(other, path)).length;
  return (
    <ConfirmDialog
      title={`Delete '${visible(baseOf(path))}'?`}
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
      action="Delete"
      act={async () => {
        await client.files.remove({ name, path, recursive: isFolder });
        done({ kind: "remove", path });
        return undefined;
      }}
      failure="It was not deleted"
      close={close}
    />
  );
}
