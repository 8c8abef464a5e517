import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { SecretField } from "../../../components/secret-field.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useUpdate } from "./use-update.ts";

type Ask = { kind: "set"; variable: string | undefined } | { kind: "remove"; variable: string };

/** Which variables all its programs have. What they hold is never told again. */
export function VariablesSection({ workspace }: { workspace: WorkspaceInfo }) {
  const { name } = workspace;
  const variables = workspace.variables ?? [];
  const [ask, setAsk] = useState<Ask>();
  const update = useUpdate(name);
  return (
    <Section
      title="Environment"
      description="Variables for every program in it. What they hold is kept sealed and is never shown again."
      actions={
        <Button size="small" onClick={() => setAsk({ kind: "set", variable: undefined })}>
          <Plus aria-hidden />
          Add variable
        </Button>
      }
    >
      {variables.length === 0 && (
        <p className="px-4 py-3 text-sm text-muted">It has no variables of its own, only the worker&apos;s.</p>
      )}
      {variables.map((variable) => (
        <Row key={variable} label={<span className="font-mono break-all">{variable}</span>}>
          <span className="text-muted" aria-hidden>
            ••••••••
          </span>
          <span className="flex">
            <Button
              variant="ghost"
              size="iconSmall"
              aria-label={`Replace ${variable}`}
              title="Replace"
              onClick={() => setAsk({ kind: "set", variable })}
            >
              <Pencil aria-hidden />
            </Button>
            <Button
              variant="ghost"
              size="iconSmall"
              aria-label={`Remove ${variable}`}
              title="Remove"
              onClick={() => setAsk({ kind: "remove", variable })}
            >
              <Trash2 aria-hidden />
            </Button>
          </span>
        </Row>
      ))}
      {ask?.kind === "set" && (
        <VariableDialog name={name} variables={variables} variable={ask.variable} close={() => setAsk(undefined)} />
      )}
      {ask?.kind === "remove" && (
        <ConfirmDialog
          title={`Remove ${ask.variable}?`}
          description="What it holds is lost. Programs that run keep it until they end."
          action="Remove variable"
          failure="It was not removed"
          act={() => update({ env: { [ask.variable]: null } })}
          close={() => setAsk(undefined)}
        />
      )}
    </Section>
  );
}

interface VariableDialogProps {
  name: string;
  /** Those that it has. */
  variables: readonly string[];
  /** The one that is given another value; a new one where absent. */
  variable: string | undefined;
  close: () => void;
}

function VariableDialog({ name, variables, variable, close }: VariableDialogProps) {
  const update = useUpdate(name);
  const { busy, problem, attempt } = useAttempt(close);
  const [key, setKey] = useState(variable ?? "");
  const value = useRef<HTMLTextAreaElement>(null);
  const [checked, setChecked] = useState(false);
  /** The name of which the person was told that its value will be lost. */
  const [told, setTold] = useState<string>();
  const isLegal = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key);
  const isTaken = variable === undefined && variables.includes(key);
  const replaces = isTaken && told === key;
  const submit = () => {
    setChecked(true);
    if (!isLegal) return;
    if (isTaken && !replaces) return setTold(key);
    attempt(async () => {
      await update({ env: { [key]: value.current?.value ?? "" } });
      if (value.current !== null) value.current.value = "";
      return undefined;
    });
  };
  return (
    <FormDialog
      title={variable === undefined ? "Add variable" : `Replace ${variable}`}
      description="Programs that are begun from now on have it."
      action={replaces ? `Replace ${key}` : "Save"}
      submit={submit}
      busy={busy}
      problem={problem}
      failure="It was not saved"
      close={close}
    >
      {variable === undefined && (
        <TextField
          label="Name"
          className="font-mono"
          placeholder="NAME"
          autoCapitalize="off"
          spellCheck={false}
          error={checked ? errorOf({ isLegal, replaces }) : undefined}
          value={key}
          change={setKey}
        />
      )}
      <SecretField label="Value" hint="It is kept sealed, and not shown again." field={value} />
    </FormDialog>
  );
}

function errorOf({ isLegal, replaces }: { isLegal: boolean; replaces: boolean }): string | undefined {
  if (!isLegal) return "Use letters, digits and _, not starting with a digit.";
  return replaces
    ? "It has one of that name, whose value cannot be had back. Use another name, or replace it."
    : undefined;
}
