import type { WorkspacePort } from "@ws/rpc-contract";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "../../components/form-dialog.tsx";
import { TextField } from "../../components/ui/text-field.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { useServices } from "../../services.ts";
import { labelProblem, portOf, withName } from "./ports.ts";

interface PortDialogProps {
  workspace: string;
  /** The one that is named; a new one where absent. */
  port: WorkspacePort | undefined;
  close: () => void;
}

/** Gives a port its name, and says where `ws forward` brings it. */
export function PortDialog({ workspace, port, close }: PortDialogProps) {
  const { client, queries } = useServices();
  const queryClient = useQueryClient();
  const { busy, problem, attempt } = useAttempt(close);
  const [number, setNumber] = useState(port === undefined ? "" : String(port.port));
  const [label, setLabel] = useState(port?.label ?? "");
  const [local, setLocal] = useState(port?.local === undefined ? "" : String(port.local));
  const [checked, setChecked] = useState(false);
  const errors = {
    number: portOf(number) === undefined ? "A number from 1 to 65535." : undefined,
    label: labelProblem(label),
    local: local.trim() !== "" && portOf(local) === undefined ? "A number from 1 to 65535." : undefined,
  };

  const submit = () => {
    setChecked(true);
    const [here, there] = [portOf(number), portOf(local)];
    if (here === undefined || errors.label !== undefined || errors.local !== undefined) return;
    attempt(async () => {
      // As they are now: somebody else may have named others since this was opened.
      const all = await client.ports.list({ name: workspace });
      const named = { port: here, label, ...(there === undefined || there === here ? {} : { local: there }) };
      const ports = await client.ports.set({ name: workspace, ports: withName(all, here, named) });
      queryClient.setQueryData(queries.ports.list.queryKey({ input: { name: workspace } }), ports);
      return undefined;
    });
  };

  return (
    <FormDialog
      title={port === undefined ? "Name a port" : `Port ${port.port}`}
      description="A name stands for the port in commands and in SSH, and stays while nothing listens there."
      action="Save"
      submit={submit}
      busy={busy}
      problem={problem}
      failure="It was not saved"
      close={close}
    >
      {port === undefined && (
        <TextField
          label="Port in the workspace"
          inputMode="numeric"
          className="font-mono"
          placeholder="3000"
          error={checked ? errors.number : undefined}
          value={number}
          change={setNumber}
        />
      )}
      <TextField
        label="Name"
        className="font-mono"
        placeholder="web"
        maxLength={32}
        error={checked ? errors.label : undefined}
        value={label}
        change={setLabel}
      />
      <TextField
        label="Port on your machine"
        hint="Where 'ws forward' and 'ssh' bring it; the same number where this is empty."
        inputMode="numeric"
        className="font-mono"
        placeholder={number === "" ? "the same" : number}
        error={checked ? errors.local : undefined}
        value={local}
        change={setLocal}
      />
    </FormDialog>
  );
}
