import { useId } from "react";
import { Switch } from "../ui/switch.tsx";
import { TextField } from "../ui/text-field.tsx";
import { RULES, type RuleForm } from "./rules.ts";

/** A control for each rule of a policy, with what it means. */
export function RuleFields({ form, change }: { form: RuleForm; change: (form: RuleForm) => void }) {
  const id = useId();
  return RULES.map(({ key, label, hint }) => {
    const value = form[key];
    if (typeof value === "string") {
      return (
        <TextField
          key={key}
          label={label}
          hint={hint}
          className="font-mono"
          value={value}
          change={(text) => change({ ...form, [key]: text })}
        />
      );
    }
    return (
      <div key={key} className="flex items-center justify-between gap-4">
        <label htmlFor={`${id}-${key}`} className="text-sm">
          <span className="font-medium">{label}</span>
          <span className="block text-[0.8125rem] text-muted">{hint}</span>
        </label>
        <Switch id={`${id}-${key}`} checked={value} onCheckedChange={(on) => change({ ...form, [key]: on })} />
      </div>
    );
  });
}
