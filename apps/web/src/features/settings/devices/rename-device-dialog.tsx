import { useState } from "react";
import type { DeviceInfo } from "@ws/rpc-contract";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useServices } from "../../../services.ts";

interface RenameDeviceDialogProps {
  device: DeviceInfo;
  close: () => void;
  onRenamed: () => void;
}

export function RenameDeviceDialog({ device, close, onRenamed }: RenameDeviceDialogProps) {
  const { client } = useServices();
  const [newName, setNewName] = useState(device.name);
  const { busy, problem, attempt } = useAttempt(close);
  const trimmed = newName.trim();
  const submit = () => {
    if (trimmed === device.name) return close();
    attempt(async () => {
      await client.devices.rename({ device: device.id, newName: trimmed });
      onRenamed();
      return undefined;
    });
  };
  return (
    <FormDialog
      title={`Rename '${device.name}'`}
      description="What lists and the audit log call it. What it has open goes on."
      action="Rename"
      failure="It was not renamed"
      disabled={trimmed === ""}
      {...{ submit, busy, problem, close }}
    >
      <TextField label="New name" value={newName} change={setNewName} maxLength={60} required />
    </FormDialog>
  );
}
