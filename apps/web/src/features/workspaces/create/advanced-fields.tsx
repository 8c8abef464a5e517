import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { Field } from "../../../components/ui/field.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { Switch } from "../../../components/ui/switch.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useServices } from "../../../services.ts";
import { CredentialChoice } from "../credential-choice.tsx";
import { EnvironmentRows } from "./environment-rows.tsx";
import { whyNoDocker, type FormErrors, type FormValues } from "./form.ts";

interface AdvancedFieldsProps {
  values: FormValues;
  errors: FormErrors;
  set: <K extends keyof FormValues>(field: K, value: FormValues[K]) => void;
}

const limits = [
  { field: "cpus", label: "CPUs", placeholder: "all" },
  { field: "memory", label: "Memory", placeholder: "all, or 4G" },
  { field: "processes", label: "Processes", placeholder: "4096" },
] as const;

const ends = [
  { field: "ttl", label: "Stop after", placeholder: "never, or 8h" },
  { field: "idle", label: "Stop when idle for", placeholder: "never, or 30m" },
] as const;

const devcontainers = {
  off: "Its file is left alone.",
  strict: "Its image, features and commands are followed; what a workspace is not given fails the create.",
  lenient: "Followed as far as a workspace is given it; the rest is left out, and the log says what.",
};

/** Wherever one of these is wrong, the fields are open. */
const INSIDE = ["devcontainer", "docker", "cpus", "memory", "processes", "ttl", "idle", "env"] as const;

/** What most workspaces leave as it is. */
export function AdvancedFields({ values, errors, set }: AdvancedFieldsProps) {
  const { queries } = useServices();
  const { data: info } = useQuery(queries.info.queryOptions());
  const [open, setOpen] = useState(false);
  const wrong = INSIDE.some((field) => errors[field] !== undefined);
  const isLocal = info?.runtime === "local";
  const text = ({ field, label, placeholder }: (typeof limits)[number] | (typeof ends)[number]) => (
    <TextField
      key={field}
      label={label}
      error={errors[field]}
      placeholder={placeholder}
      value={values[field]}
      change={(typed) => set(field, typed)}
    />
  );
  return (
    <details
      className="group rounded-lg border border-line"
      // What is wrong opens it, and it stays so once that is put right.
      open={open || wrong}
      onToggle={({ currentTarget: at }) => setOpen(at.open)}
    >
      <summary className="flex list-none flex-wrap items-center gap-x-2 rounded-lg px-3 py-2.5 text-sm font-medium text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
        Advanced
        <span className="text-[0.8125rem] font-normal max-sm:hidden">
          devcontainer, image, limits, time, credentials, environment
        </span>
      </summary>
      <div className="divide-y divide-line px-3">
        <Group title="What it is made of">
          <Field label="devcontainer.json" hint={devcontainers[values.devcontainer]} error={errors.devcontainer}>
            {(control) => (
              <Select
                {...control}
                value={values.devcontainer}
                change={(how) => set("devcontainer", how)}
                choices={[
                  { value: "off", label: "Not followed" },
                  { value: "strict", label: "Followed strictly" },
                  { value: "lenient", label: "Followed as far as possible" },
                ]}
              />
            )}
          </Field>
          {!isLocal && (
            <TextField
              label="Image"
              className="font-mono"
              placeholder="the worker's own"
              value={values.image}
              change={(typed) => set("image", typed)}
            />
          )}
          <DockerInside values={values} allowed={info?.nestedDocker} set={(on) => set("docker", on)} />
        </Group>
        {isLocal ? (
          <p className="py-4 text-[0.8125rem] text-muted">
            This worker runs workspaces as its own user and keeps no limits.
          </p>
        ) : (
          <Group title="Limits">
            <div className="grid gap-4 sm:grid-cols-3">{limits.map(text)}</div>
          </Group>
        )}
        <Group title="When it ends">
          <div className="grid gap-4 sm:grid-cols-2">{ends.map(text)}</div>
          <OnOff
            label="Clean up by itself"
            hint="Once its time is over it is removed, where nothing in it would be lost."
            on={values.autoCleanup}
            set={(on) => set("autoCleanup", on)}
          />
        </Group>
        <Group title="Credentials">
          <CredentialChoice
            kind={values.credentials}
            setKind={(kind) => set("credentials", kind)}
            chosen={values.chosen}
            setChosen={(chosen) => set("chosen", chosen)}
          />
        </Group>
        <EnvironmentRows rows={values.env} error={errors.env} onChange={(env) => set("env", env)} />
      </div>
    </details>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="space-y-4 py-4">
      <legend className="float-left mb-3 w-full text-sm font-semibold">{title}</legend>
      <div className="clear-both space-y-4">{children}</div>
    </fieldset>
  );
}

interface DockerInsideProps {
  values: FormValues;
  /** What the worker's owner says; undefined where it is not known yet. */
  allowed: boolean | undefined;
  set: (on: boolean) => void;
}

function DockerInside({ values, allowed, set }: DockerInsideProps) {
  const why =
    allowed === false
      ? "This worker allows it to no workspace. Its owner can: ws config set docker.nested true"
      : whyNoDocker(values);
  return (
    <OnOff
      label="Docker inside"
      hint={why ?? "An engine of its own. What runs in it then has nearly the rights of root on its machine."}
      on={values.docker}
      // What cannot be had can still be switched off.
      disabled={!values.docker && (why !== undefined || allowed === undefined)}
      set={set}
    />
  );
}

interface OnOffProps {
  label: string;
  hint: string;
  on: boolean;
  disabled?: boolean;
  set: (on: boolean) => void;
}

function OnOff({ label, hint, on, disabled = false, set }: OnOffProps) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="text-[0.8125rem] text-muted">
          {hint}
        </p>
      </div>
      <Switch id={id} aria-describedby={`${id}-hint`} checked={on} disabled={disabled} onCheckedChange={set} />
    </div>
  );
}
