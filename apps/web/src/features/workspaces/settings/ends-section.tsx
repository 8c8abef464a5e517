import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { span } from "../../../components/amounts.ts";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { Switch } from "../../../components/ui/switch.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useToaster } from "../../../components/ui/toast.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { typedDuration } from "./amounts-typed.ts";
import { endsChange, type EndTexts } from "./changes.ts";
import { useUpdate } from "./use-update.ts";

/** When it stops by itself, and whether it goes then. */
export function EndsSection({ workspace }: { workspace: WorkspaceInfo }) {
  const [editing, setEditing] = useState(false);
  const toaster = useToaster();
  const update = useUpdate(workspace.name);
  const [saving, setSaving] = useState(false);
  const { ttlSeconds, idleSeconds, stopsInSeconds, autoCleanup = false, status } = workspace;
  const setCleanup = async (on: boolean) => {
    setSaving(true);
    await update({ autoCleanup: on }).catch((error: unknown) => toaster.failed("It was not changed", error));
    setSaving(false);
  };
  return (
    <Section
      title="When it ends"
      description="A stop ends its programs and keeps its home and files."
      actions={
        <Button size="small" onClick={() => setEditing(true)} aria-label="Change when it ends">
          <Pencil aria-hidden />
          Change
        </Button>
      }
    >
      <Row label="Stops after" hint="Running time; a start, and each use that is marked, begins it anew.">
        {ttlSeconds === undefined ? (
          <span className="text-muted">never</span>
        ) : (
          <>
            {span(ttlSeconds * 1_000)}
            {status === "running" && stopsInSeconds !== undefined && (
              <span className="text-muted">· {span(stopsInSeconds * 1_000)} left</span>
            )}
          </>
        )}
      </Row>
      <Row label="Stops when idle for" hint="Nobody uses it and no program goes on in it.">
        {idleSeconds === undefined ? <span className="text-muted">never</span> : span(idleSeconds * 1_000)}
      </Row>
      <Row
        label={<label htmlFor="auto-cleanup">Clean up by itself</label>}
        hint="Once its time or its execution is over it is removed, where nothing in it would be lost."
      >
        <Switch
          id="auto-cleanup"
          checked={autoCleanup}
          disabled={saving}
          onCheckedChange={(on) => void setCleanup(on)}
        />
      </Row>
      {editing && <EndsDialog workspace={workspace} close={() => setEditing(false)} />}
    </Section>
  );
}

function EndsDialog({ workspace, close }: { workspace: WorkspaceInfo; close: () => void }) {
  // Only what is otherwise than it was here is sent: what another changes meanwhile is not taken back.
  const [before] = useState(workspace);
  const update = useUpdate(workspace.name);
  const { busy, problem, attempt } = useAttempt(close);
  const [typed, setTyped] = useState<EndTexts>({
    ttl: typedDuration(before.ttlSeconds),
    idle: typedDuration(before.idleSeconds),
  });
  const [checked, setChecked] = useState(false);
  const parsed = endsChange(typed, before);
  const errors = checked && "errors" in parsed ? parsed.errors : {};
  const submit = () => {
    setChecked(true);
    if ("errors" in parsed) return;
    if (Object.keys(parsed.change).length === 0) return close();
    attempt(() => update(parsed.change));
  };
  return (
    <FormDialog
      title="When it ends"
      description="An empty field means never. A time that you change begins now."
      action="Save"
      submit={submit}
      busy={busy}
      problem={problem}
      failure="It was not changed"
      close={close}
    >
      <TextField
        label="Stops after"
        hint="Running time, such as 8h or 2d."
        placeholder="never"
        error={errors.ttl}
        value={typed.ttl}
        change={(ttl) => setTyped({ ...typed, ttl })}
      />
      <TextField
        label="Stops when idle for"
        hint="Such as 30m; a program that goes on keeps it running."
        placeholder="never"
        error={errors.idle}
        value={typed.idle}
        change={(idle) => setTyped({ ...typed, idle })}
      />
    </FormDialog>
  );
}
