import { useState } from "react";
import type { RepositoryPolicy } from "@ws/rpc-contract";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { RuleFields } from "../../../components/policy/rule-fields.tsx";
import { formOf, ruleChange, type RuleForm } from "../../../components/policy/rules.ts";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useServices } from "../../../services.ts";

interface RepositoryPolicyDialogProps {
  /** What is set already; undefined for a repository that is named here. */
  policy: RepositoryPolicy | undefined;
  close: () => void;
  onChanged: () => void;
}

export function RepositoryPolicyDialog({ policy, close, onChanged }: RepositoryPolicyDialogProps) {
  const { client } = useServices();
  const before = policy?.rules ?? {};
  const [repository, setRepository] = useState(policy?.repository ?? "");
  const [form, setForm] = useState<RuleForm>(() => formOf(before));
  const { busy, problem, attempt } = useAttempt(close);
  const change = ruleChange(form, before);
  const submit = () =>
    attempt(async () => {
      await client.policy.repositories.update({ repository: repository.trim(), ...change });
      onChanged();
      return undefined;
    });
  return (
    <FormDialog
      title={policy === undefined ? "Rules for a repository" : `Rules of ${policy.repository}`}
      description="They hold in every workspace of it, those that there are with them. What one rule forbids is forbidden."
      action="Save"
      failure="The rules are as they were"
      disabled={repository.trim() === "" || Object.keys(change).length === 0}
      {...{ submit, busy, problem, close }}
    >
      {policy === undefined && (
        <TextField
          label="Repository"
          hint="Its URL, or host/owner/name."
          placeholder="github.com/acme/shop"
          className="font-mono"
          value={repository}
          change={setRepository}
          required
        />
      )}
      <RuleFields form={form} change={setForm} />
    </FormDialog>
  );
}
