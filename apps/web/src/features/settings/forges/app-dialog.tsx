import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useToaster } from "../../../components/ui/toast.tsx";
import { useServices } from "../../../services.ts";
import { SecretField } from "../../../components/secret-field.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";

interface AppDialogProps {
  /** Of the one that is set up already. */
  appId: string;
  host: string;
  close: () => void;
}

/** Asks for the id and the key of a GitHub App, which are checked with GitHub before they are kept. */
export function AppDialog({ appId, host, close }: AppDialogProps) {
  const { client, queries } = useServices();
  const toaster = useToaster();
  const cache = useQueryClient();
  const [id, setId] = useState(appId);
  const [errors, setErrors] = useState<{ appId?: string; value?: string }>({});
  const key = useRef<HTMLTextAreaElement>(null);
  const { busy, problem, refused, attempt } = useAttempt(close, ["appId", "value"]);
  const send = () => {
    const value = key.current?.value ?? "";
    const wrong = {
      ...(id.trim() === "" && { appId: "Which app? Its settings show the id." }),
      ...(value.trim() === "" && { value: "Paste the private key, or choose its file." }),
    };
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    attempt(async () => {
      const set = await client.credentials.set({ name: "github-app", type: "github_app", appId: id.trim(), value });
      if (key.current !== null) key.current.value = "";
      toaster.done(set.login === undefined ? "The app is set up." : `The app is set up: ${set.login}.`);
      await cache.invalidateQueries({ queryKey: queries.credentials.key() });
    });
  };
  return (
    <FormDialog
      title={appId === "" ? "Set up a GitHub App" : "Replace the GitHub App"}
      description={`Of ${host}, under Settings, Developer settings, GitHub Apps.`}
      action={appId === "" ? "Set up" : "Replace"}
      failure="The app was not set up"
      submit={send}
      {...{ busy, problem, close }}
    >
      <TextField
        label="App ID"
        hint="Or its client ID."
        placeholder="123456"
        className="font-mono"
        error={refused["appId"] ?? errors.appId}
        value={id}
        change={setId}
      />
      <SecretField
        label="Private key"
        hint="The .pem file that GitHub gives once. It is kept by the worker, which shows it to nobody again."
        error={refused["value"] ?? errors.value}
        field={key}
        tall
      />
    </FormDialog>
  );
}
