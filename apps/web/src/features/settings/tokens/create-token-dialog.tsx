import { useState } from "react";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { Field } from "../../../components/ui/field.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useLive } from "../../../live/live-context.tsx";
import { useServices } from "../../../services.ts";
import { ChoiceList } from "../choice-list.tsx";
import { SCOPES } from "../scopes.ts";
import { TokenOnceDialog } from "./token-once-dialog.tsx";

interface CreateTokenDialogProps {
  close: () => void;
  onCreated: () => void;
}

const DAY_S = 86_400;
const TERMS = [
  { value: String(DAY_S), label: "1 day" },
  { value: String(7 * DAY_S), label: "7 days" },
  { value: String(30 * DAY_S), label: "30 days" },
  { value: String(90 * DAY_S), label: "90 days" },
  { value: String(365 * DAY_S), label: "1 year" },
  { value: "", label: "Until it is revoked" },
];
const CHOICES = [
  ...SCOPES,
  { value: "workspace", label: "One workspace", about: "As write, in that workspace and nowhere else." },
  { value: "metrics", label: "Metrics", about: "Reads /metrics for a monitoring system, and nothing else." },
] as const;

/** Asks what a token is for and what it may do, then shows it once. It is kept nowhere in the page but in what shows it. */
export function CreateTokenDialog({ close, onCreated }: CreateTokenDialogProps) {
  const { client } = useServices();
  const { workspaces = [] } = useLive();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<(typeof CHOICES)[number]["value"]>("write");
  const [workspace, setWorkspace] = useState(() => workspaces[0]?.name ?? "");
  const [ttl, setTtl] = useState(String(30 * DAY_S));
  const [made, setMade] = useState<{ name: string; token: string }>();
  const { busy, problem, attempt } = useAttempt(nothing);
  if (made !== undefined) return <TokenOnceDialog {...made} forMetrics={scope === "metrics"} close={close} />;

  const submit = () =>
    attempt(async () => {
      const created = await client.tokens.create({
        name: name.trim(),
        scope: scope === "workspace" ? `workspace:${workspace}` : scope,
        ...(ttl !== "" && { ttlSeconds: Number(ttl) }),
      });
      setMade({ name: created.name, token: created.token });
      onCreated();
      return undefined;
    });
  return (
    <FormDialog
      title="Create a token"
      description="For a script, a pipeline or another program. What a person uses is better paired, as a device."
      action="Create"
      failure="It was not created"
      disabled={name.trim() === "" || (scope === "workspace" && workspace === "")}
      {...{ submit, busy, problem, close }}
    >
      <TextField
        label="Name"
        hint="The audit log calls it so."
        value={name}
        change={setName}
        maxLength={100}
        required
      />
      <ChoiceList label="What it may do" value={scope} change={setScope} choices={CHOICES} />
      {scope === "workspace" && (
        <Field label="Workspace" hint={workspaces.length === 0 && "There is no workspace yet."}>
          {(control) => (
            <Select
              {...control}
              value={workspace}
              change={setWorkspace}
              choices={workspaces.map((each) => ({ value: each.name, label: each.name }))}
            />
          )}
        </Field>
      )}
      <Field label="Good for">{(control) => <Select {...control} value={ttl} change={setTtl} choices={TERMS} />}</Field>
    </FormDialog>
  );
}

const nothing = (): void => undefined;
