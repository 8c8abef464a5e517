import { ChevronRight, Plus, X } from "lucide-react";
import { Button } from "../../../components/ui/button.tsx";
import { Input } from "../../../components/ui/input.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import type { FormErrors, FormValues } from "./form.ts";

interface AdvancedFieldsProps {
  values: FormValues;
  errors: FormErrors;
  set: <K extends keyof FormValues>(field: K, value: FormValues[K]) => void;
}

const texts = [
  { field: "cpus", label: "CPUs", placeholder: "all" },
  { field: "memory", label: "Memory", placeholder: "all, or 4G" },
  { field: "ttl", label: "Stop after", placeholder: "never, or 8h" },
] as const;

/** What most workspaces leave as it is. */
export function AdvancedFields({ values, errors, set }: AdvancedFieldsProps) {
  const wrong = errors.cpus ?? errors.memory ?? errors.ttl ?? errors.env;
  return (
    <details className="group rounded-lg border border-line" open={wrong === undefined ? undefined : true}>
      <summary className="flex list-none items-center gap-2 rounded-lg px-3 py-2.5 text-sm font-medium text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
        Image, limits and environment
      </summary>
      <div className="space-y-5 px-3 pt-2 pb-4">
        <TextField
          label="Image"
          className="font-mono"
          placeholder="the worker's own"
          value={values.image}
          change={(text) => set("image", text)}
        />
        <div className="grid gap-4 sm:grid-cols-3">
          {texts.map(({ field, label, placeholder }) => (
            <TextField
              key={field}
              label={label}
              error={errors[field]}
              placeholder={placeholder}
              value={values[field]}
              change={(text) => set(field, text)}
            />
          ))}
        </div>
        <EnvironmentRows rows={values.env} error={errors.env} onChange={(env) => set("env", env)} />
      </div>
    </details>
  );
}

interface EnvironmentRowsProps {
  rows: FormValues["env"];
  error: string | undefined;
  onChange: (rows: FormValues["env"]) => void;
}

function EnvironmentRows({ rows, error, onChange }: EnvironmentRowsProps) {
  const change = (at: number, row: Partial<FormValues["env"][number]>) =>
    onChange(rows.map((old, index) => (index === at ? { ...old, ...row } : old)));
  return (
    <fieldset>
      <legend className="text-sm font-medium">Environment</legend>
      <div className="mt-1.5 space-y-2">
        {rows.map((row, index) => (
          // Rows have no identity but their place: two of them may be equal while they are typed.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className="flex gap-2">
            <Input
              aria-label={`Name of variable ${index + 1}`}
              aria-invalid={error !== undefined}
              className="flex-1 font-mono"
              placeholder="NAME"
              value={row.key}
              onChange={(event) => change(index, { key: event.target.value })}
            />
            <Input
              aria-label={`Value of variable ${index + 1}`}
              className="flex-[1.5] font-mono"
              placeholder="value"
              value={row.value}
              onChange={(event) => change(index, { value: event.target.value })}
            />
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Remove variable ${index + 1}`}
              onClick={() => onChange(rows.filter((_, other) => other !== index))}
            >
              <X aria-hidden />
            </Button>
          </div>
        ))}
        {error !== undefined && (
          <p role="alert" className="text-[0.8125rem] text-bad">
            {error}
          </p>
        )}
        <Button size="small" onClick={() => onChange([...rows, { key: "", value: "" }])}>
          <Plus aria-hidden />
          Add variable
        </Button>
      </div>
    </fieldset>
  );
}
