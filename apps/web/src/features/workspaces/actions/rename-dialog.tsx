import type { WorkspaceInfo } from "@ws/rpc-contract";
import { useState } from "react";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useServices } from "../../../services.ts";
import { isName } from "../names.ts";

interface RenameDialogProps {
  workspace: WorkspaceInfo;
  close: () => void;
  onRenamed: ((newName: string) => void) | undefined;
}

/** Asks for another name. */
export function RenameDialog({ workspace, close, onRenamed }: RenameDialogProps) {
  const { client } = useServices();
  const [newName, setNewName] = useState(workspace.name);
  const { busy, problem, attempt } = useAttempt(close);
  const legal = isName(newName);

  const submit = () => {
    if (!legal) return;
    if (newName === workspace.name) return close();
    attempt(async () => {
      await client.workspaces.rename({ name: workspace.name, id: workspace.id, newName });
      onRenamed?.(newName);
      return undefined;
    });
  };

  return (
    <FormDialog
      title={`Rename '${workspace.name}'`}
      description="Its id, home, files and processes stay as they are."
      action="Rename"
      failure="It was not renamed"
      disabled={!legal}
      {...{ submit, busy, problem, close }}
    >
      <TextField
        label="New name"
        error={legal || newName === "" ? undefined : "Use 1 to 63 lower-case letters, digits and inner hyphens."}
        value={newName}
        change={setNewName}
        required
      />
    </FormDialog>
  );
}
