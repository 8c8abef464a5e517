import { useState } from "react";
import type { WorkerInfo } from "@ws/rpc-contract";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useServices } from "../../../services.ts";
import { nameError } from "./name-error.ts";

interface RenameWorkerDialogProps {
  worker: WorkerInfo;
  close: () => void;
  onRenamed: () => void;
}

export function RenameWorkerDialog({ worker, close, onRenamed }: RenameWorkerDialogProps) {
  const { hub } = useServices();
  const [newName, setNewName] = useState(worker.name);
  const { busy, problem, attempt } = useAttempt(close);
  const error = nameError(newName);
  const submit = () => {
    if (newName === worker.name) return close();
    attempt(async () => {
      await hub.workers.rename.call({ worker: worker.id, newName });
      onRenamed();
      return undefined;
    });
  };
  return (
    <FormDialog
      title={`Rename '${worker.name}'`}
      description="What this hub calls it; the worker itself is not told. Addresses of its pages change with it."
      action="Rename"
      failure="It was not renamed"
      disabled={newName === "" || error !== undefined}
      {...{ submit, busy, problem, close }}
    >
      <TextField label="New name" value={newName} change={setNewName} error={error} required />
    </FormDialog>
  );
}
