import type { CredentialPreset } from "@ws/rpc-contract";
import { useId, type RefObject } from "react";
import { Notice } from "../../../components/notice.tsx";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { Field } from "../../../components/ui/field.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { TextArea } from "../../../components/ui/text-area.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { SecretField } from "../../../components/secret-field.tsx";
import { isForgeToken, withTool, type CredentialForm, type FormErrors } from "./form.ts";

interface CredentialFieldsProps {
  form: CredentialForm;
  change: (form: CredentialForm) => void;
  /** What is replaced keeps its name, and where it is for. */
  isNamed: boolean;
  errors: FormErrors;
  presets: readonly CredentialPreset[];
  secret: RefObject<HTMLTextAreaElement | null>;
}

/** What each kind of credential has, the secret last. */
export function CredentialFields(props: CredentialFieldsProps) {
  const { form, change, isNamed, errors, secret } = props;
  const { kind } = form;
  const set = <K extends keyof CredentialForm>(field: K) => ({
    value: form[field],
    change: (value: CredentialForm[K]) => change({ ...form, [field]: value }),
  });
  if (kind === "tool") return <ToolFields {...props} />;
  return (
    <>
      <TextField
        label={NAMES[kind].label}
        hint={NAMES[kind].hint}
        placeholder={NAMES[kind].example}
        error={errors.name}
        className="font-mono"
        readOnly={isNamed}
        {...set("name")}
      />
      {(kind === "pat" || kind === "ssh_key") && (
        <TextField
          label="Host"
          hint="The forge that it is for. Left empty, it is the worker's own GitHub."
          placeholder="github.com"
          error={errors.host}
          className="font-mono"
          readOnly={isNamed}
          {...set("host")}
        />
      )}
      {kind === "pat" && (
        <TextField
          label="User name"
          hint={
            isNamed
              ? "Left empty, it stays as it is."
              : "Only for forges that want a certain one beside a token. GitHub takes any."
          }
          error={errors.username}
          className="font-mono"
          {...set("username")}
        />
      )}
      {kind === "file" ? (
        <TextField
          label="On the worker"
          hint="A file or a directory there. Workspaces get a copy, and another one whenever it changes."
          placeholder="~/.npmrc"
          error={errors.source ?? errors.value}
          className="font-mono"
          {...set("source")}
        />
      ) : (
        <SecretField
          label={kind === "ssh_key" ? "Private key" : kind === "pat" ? "Token" : "Value"}
          error={errors.value}
          field={secret}
          tall={kind === "ssh_key"}
        />
      )}
      {kind === "ssh_key" && <HostKeys value={form.hostKeys} error={errors.hostKeys} change={set("hostKeys").change} />}
      {isForgeToken(form) && <Expose checked={form.expose} change={set("expose").change} />}
    </>
  );
}

function ToolFields({ form, change, errors, presets, secret }: CredentialFieldsProps) {
  const preset = presets.find(({ name }) => name === form.tool);
  return (
    <>
      <Field label="Tool" error={errors.name}>
        {(control) => (
          <Select
            {...control}
            value={form.tool}
            change={(tool) => {
              const chosen = presets.find(({ name }) => name === tool);
              if (chosen !== undefined) change(withTool(form, chosen));
            }}
            choices={[
              { value: "", label: "Choose a tool", disabled: true },
              ...presets.map(({ name, tool }) => ({ value: name, label: tool })),
            ]}
          />
        )}
      </Field>
      {preset !== undefined && (
        <>
          <p className="text-sm text-muted">
            {preset.hint.replace("; name another one's variable with --variable", "")}
          </p>
          <Field label="Variable" hint="The tool reads it from there.">
            {(control) => (
              <Select
                {...control}
                className="font-mono"
                value={form.name}
                change={(name) => change({ ...form, name })}
                choices={preset.variables.map((name) => ({ value: name, label: name }))}
              />
            )}
          </Field>
          <SecretField label="Key" error={errors.value} field={secret} />
        </>
      )}
    </>
  );
}

function HostKeys({
  value,
  error,
  change,
}: {
  value: string;
  error: string | undefined;
  change: (text: string) => void;
}) {
  return (
    <Field
      label="Keys of the host"
      hint="Fingerprints or lines of known_hosts, one a line. Left empty, the worker's known_hosts holds."
      error={error}
    >
      {(control) => (
        <TextArea
          {...control}
          rows={2}
          spellCheck={false}
          className="font-mono"
          placeholder="SHA256:…"
          value={value}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}

function Expose({ checked, change }: { checked: boolean; change: (on: boolean) => void }) {
  const id = useId();
  return (
    <div className="space-y-3">
      <label htmlFor={id} className="flex items-start gap-3 text-sm">
        <Checkbox id={id} className="mt-0.5" checked={checked} onCheckedChange={(on) => change(on === true)} />
        <span>
          <span className="block font-medium">Put it into workspaces as a variable, too</span>
          <span className="block text-[0.8125rem] text-muted">
            Git works without: the worker adds the token to each request on its way.
          </span>
        </span>
      </label>
      {checked && (
        <Notice tone="warn" title="Everything that runs in a workspace can read it">
          <p className="text-muted">A coding tool can send it anywhere, and it may do all that you may do there.</p>
        </Notice>
      )}
    </div>
  );
}

const NAMES = {
  env: { label: "Name", hint: "As programs read it.", example: "NPM_TOKEN" },
  pat: { label: "Name", hint: "A short one of your own, by which you know it.", example: "work" },
  ssh_key: { label: "Name", hint: "A short one of your own, by which you know it.", example: "deploy" },
  file: { label: "In workspaces", hint: "Where it is put there.", example: "~/.npmrc" },
};
