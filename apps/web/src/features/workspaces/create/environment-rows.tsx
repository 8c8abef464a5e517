import { Eye, EyeOff, Plus, X } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../components/ui/button.tsx";
import { cn } from "../../../components/ui/cn.ts";
import { hiddenText } from "../../../components/ui/hidden-text.ts";
import { Input } from "../../../components/ui/input.tsx";
import type { FormValues } from "./form.ts";

interface EnvironmentRowsProps {
  rows: FormValues["env"];
  error: string | undefined;
  onChange: (rows: FormValues["env"]) => void;
}

/** Variables as they are typed, two fields each. What they hold is shown to whoever asks for that. */
export function EnvironmentRows({ rows, error, onChange }: EnvironmentRowsProps) {
  const [shown, setShown] = useState(false);
  const change = (at: number, row: Partial<FormValues["env"][number]>) =>
    onChange(rows.map((old, index) => (index === at ? { ...old, ...row } : old)));
  return (
    <fieldset className="py-4">
      <legend className="float-left mb-2 w-full text-sm font-semibold">Environment</legend>
      <div className="clear-both space-y-2">
        {rows.map((row, index) => (
          // Rows have no identity but their place: two of them may be equal while they are typed.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className="flex gap-2">
            <Input
              aria-label={`Name of variable ${index + 1}`}
              aria-invalid={error !== undefined}
              className="min-w-0 flex-1 font-mono"
              placeholder="NAME"
              value={row.key}
              onChange={(event) => change(index, { key: event.target.value })}
            />
            <Input
              aria-label={`Value of variable ${index + 1}`}
              className={cn("min-w-0 flex-[1.5] font-mono", !shown && hiddenText)}
              placeholder="value"
              autoComplete="off"
              data-1p-ignore
              data-bwignore
              data-lpignore="true"
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
        <div className="flex flex-wrap gap-2">
          <Button size="small" onClick={() => onChange([...rows, { key: "", value: "" }])}>
            <Plus aria-hidden />
            Add variable
          </Button>
          {rows.length > 0 && (
            <Button size="small" variant="ghost" aria-pressed={shown} onClick={() => setShown(!shown)}>
              {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
              Show values
            </Button>
          )}
        </div>
      </div>
    </fieldset>
  );
}
