import { useState } from "react";
import { FormDialog } from "../../components/form-dialog.tsx";
import { TextField } from "../../components/ui/text-field.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { useServices } from "../../services.ts";

interface RenameTerminalDialogProps {
  workspace: string;
  /** What it is called now. */
  terminal: string;
  close: () => void;
  onRenamed: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Asks for another name of a terminal. */
export default function RenameTerminalDialog({
  workspace,
  terminal,
  close,
  onRenamed,
  onCloseAutoFocus,
}: RenameTerminalDialogProps) {
  const { client } = useServices();
  const [newName, setNewName] = useState(terminal);
  const { busy, problem, attempt } = useAttempt(close);
  const legal = /^[a-z0-9][a-z0-9-]{0,31}$/.test(newName);

  const submit = () => {
    if (!legal) return;
    if (newName === terminal) return close();
    attempt(async () => {
      await client.terminals.rename({ name: workspace, terminal, newName });
      onRenamed();
      return undefined;
    });
  };

  return (
    <FormDialog
      title={`Rename '${terminal}'`}
      description="Its program goes on, and so does everybody who looks at it."
      action="Rename"
      failure="It was not renamed"
      disabled={!legal}
      {...{ submit, busy, problem, close, onCloseAutoFocus }}
    >
      <TextField
        label="New name"
        error={
          legal || newName === ""
            ? undefined
            : "Use 1 to 32 lower-case letters, digits and hyphens, beginning with no hyphen."
        }
        value={newName}
        change={setNewName}
        required
      />
    </FormDialog>
  );
}
