import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { CredentialInfo } from "@ws/rpc-contract";
import { useRef, useState } from "react";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { useToaster } from "../../../components/ui/toast.tsx";
import { useServices } from "../../../services.ts";
import { useAttempt } from "../../../components/use-attempt.ts";
import { CredentialFields } from "./credential-fields.tsx";
import { emptyForm, formOf, inputOf, type AddedKind, type CredentialForm, type FormErrors } from "./form.ts";

const FIELDS = ["name", "host", "username", "value", "hostKeys", "expose"];

const TITLES: Readonly<Record<AddedKind, string>> = {
  tool: "Add a key of a coding tool",
  env: "Add an environment variable",
  pat: "Add a token of a forge",
  ssh_key: "Add an SSH key",
  file: "Add a file",
};

interface CredentialDialogProps {
  what: { kind: AddedKind } | { replaced: CredentialInfo };
  close: () => void;
}

/** Asks for one credential. Its secret goes to the worker and comes back from nowhere. */
export function CredentialDialog({ what, close }: CredentialDialogProps) {
  const { client, queries } = useServices();
  const toaster = useToaster();
  const cache = useQueryClient();
  const replaced = "replaced" in what ? what.replaced : undefined;
  const [form, setForm] = useState<CredentialForm>(() =>
    "kind" in what ? emptyForm(what.kind) : formOf(what.replaced),
  );
  const [errors, setErrors] = useState<FormErrors>({});
  const secret = useRef<HTMLTextAreaElement>(null);
  const { busy, problem, refused, attempt } = useAttempt(close, FIELDS);
  const presets = useQuery({ ...queries.credentials.presets.queryOptions(), enabled: form.kind === "tool" }).data;
  const send = () => {
    const asked = inputOf(form, secret.current?.value ?? "");
    setErrors("errors" in asked ? asked.errors : {});
    if ("errors" in asked) return;
    attempt(async () => {
      const set = await client.credentials.set(asked.input);
      if (secret.current !== null) secret.current.value = "";
      const whose = set.login === undefined ? "" : ` It is ${set.login}'s.`;
      toaster.done(`${set.name} is ${replaced === undefined ? "added" : "replaced"}.${whose}`);
      await cache.invalidateQueries({ queryKey: queries.credentials.key() });
    });
  };
  return (
    <FormDialog
      title={replaced === undefined ? TITLES[form.kind] : `Replace '${replaced.name}'`}
      description={
        replaced === undefined
          ? "It is kept by the worker, which shows it to nobody again."
          : "What has it now keeps the old one until it is begun anew."
      }
      action={replaced === undefined ? "Add" : "Replace"}
      failure={replaced === undefined ? "It was not added" : "It was not replaced"}
      submit={send}
      {...{ busy, problem, close }}
    >
      <CredentialFields
        form={form}
        change={(next) => {
          setForm(next);
          setErrors({});
        }}
        isNamed={replaced !== undefined}
        errors={{ ...errors, ...refused }}
        presets={presets ?? []}
        secret={secret}
      />
    </FormDialog>
  );
}
