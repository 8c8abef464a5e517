import type { PolicyRules } from "@ws/rpc-contract";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { RuleFields } from "../../../components/policy/rule-fields.tsx";
import { formOf, ruleChange, type RuleForm } from "../../../components/policy/rules.ts";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useServices } from "../../../services.ts";

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
      <RuleFields form={form} change={setForm} />
    </FormDialog>
  );
}
