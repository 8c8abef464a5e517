import { useState } from "react";
import { Command } from "../../../components/command.tsx";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useServices } from "../../../services.ts";
import { SecretOnceDialog } from "../secret-once-dialog.tsx";
import { nameError } from "./name-error.ts";

interface AddWorkerDialogProps {
  close: () => void;
  onAdded: () => void;
}

/** Expects another worker: its token is shown once, with what is done with it there. */
export function AddWorkerDialog({ close, onAdded }: AddWorkerDialogProps) {
  const { hub } = useServices();
  const [name, setName] = useState("");
  const [made, setMade] = useState<{ name: string; token: string }>();
  const { busy, problem, attempt } = useAttempt(nothing);
  const error = nameError(name);
  const isSafe = location.protocol === "https:";
  if (made !== undefined) {
    return (
      <SecretOnceDialog
        title={`The token of '${made.name}'`}
        description="It is shown only now, opens nothing but that worker's link, and belongs to the first worker that uses it."
        secret={made.token}
        close={close}
      >
        <p>On that machine, which then asks for the token:</p>
        <Command>{`ws agent run --hub ${isSafe ? location.origin : "https://HUB"}`}</Command>
        {!isSafe && <p>HUB is where others reach this one: over a network a worker dials out by https only.</p>}
        <p>
          To have the link at every start, set hub.url and hub.token in its settings. It is listed here as soon as it
          has dialled out.
        </p>
      </SecretOnceDialog>
    );
  }
  const submit = () =>
    attempt(async () => {
      const added = await hub.workers.add.call({ name });
      setMade({ name: added.name, token: added.token });
      onAdded();
      return undefined;
    });
  return (
    <FormDialog
      title="Add a worker"
      description="A machine that dials out to this one. It decides itself what this hub may do there."
      action="Add"
      failure="It was not added"
      disabled={name === "" || error !== undefined}
      {...{ submit, busy, problem, close }}
    >
      <TextField label="Name" hint="What it is called here." value={name} change={setName} error={error} required />
    </FormDialog>
  );
}

const nothing = (): void => undefined;
