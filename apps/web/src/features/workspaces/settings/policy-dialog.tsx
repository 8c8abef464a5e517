import type { PolicyRules } from "@ws/rpc-contract";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { Switch } from "../../../components/ui/switch.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useServices } from "../../../services.ts";
import { formOf, ruleChange, RULES, type RuleForm } from "./policy-rules.ts";

interface PolicyDialogProps {
  name: string;
  /** The workspace's own. */
  rules: PolicyRules;
  close: () => void;
}

/** The workspace's own rules; those of its repository hold beside them. */
export function PolicyDialog({ name, rules, close }: PolicyDialogProps) {
  const { client, queries } = useServices();
  const queryClient = useQueryClient();
  const id = useId();
  const { busy, problem, attempt } = useAttempt(close);
  const [form, setForm] = useState<RuleForm>(() => formOf(rules));
  const submit = () =>
    attempt(async () => {
      const change = ruleChange(form, rules);
      if (Object.keys(change).length === 0) return undefined;
      const next = await client.policy.update({ name, ...change });
      queryClient.setQueryData(queries.policy.get.queryKey({ input: { name } }), next);
      return undefined;
    });
  return (
    <FormDialog
      title="Policy"
      description="Rules of this workspace. Those of its repository hold beside them."
      action="Save"
      submit={submit}
      busy={busy}
      problem={problem}
      failure="The rules are as they were"
      close={close}
    >
      {RULES.map(({ key, label, hint }) => {
        const value = form[key];
        if (typeof value === "string") {
          return (
            <TextField
              key={key}
              label={label}
              hint={hint}
              className="font-mono"
              value={value}
              change={(text) => setForm({ ...form, [key]: text })}
            />
          );
        }
        return (
          <div key={key} className="flex items-center justify-between gap-4">
            <label htmlFor={`${id}-${key}`} className="text-sm">
              <span className="font-medium">{label}</span>
              <span className="block text-[0.8125rem] text-muted">{hint}</span>
            </label>
            <Switch id={`${id}-${key}`} checked={value} onCheckedChange={(on) => setForm({ ...form, [key]: on })} />
          </div>
        );
      })}
    </FormDialog>
  );
}
