import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { bytes } from "../../../components/amounts.ts";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { typedSize } from "./amounts-typed.ts";
import { limitsChange, type LimitTexts } from "./changes.ts";
import { useUpdate } from "./use-update.ts";

/** How much of its machine it may use. */
export function LimitsSection({ workspace }: { workspace: WorkspaceInfo }) {
  const [editing, setEditing] = useState(false);
  const { limits, runtime } = workspace;
  const kept = runtime !== "local";
  return (
    <Section
      title="Limits"
      description={
        kept
          ? "How much of its machine it may use. They hold at once, for what runs too."
          : "The local runtime keeps no limits: what runs here may use the whole machine."
      }
      actions={
        kept && (
          <Button size="small" onClick={() => setEditing(true)} aria-label="Change limits">
            <Pencil aria-hidden />
            Change
          </Button>
        )
      }
    >
      <Row label="CPUs">{limits.cpus ?? <Unset>all</Unset>}</Row>
      <Row label="Memory" hint="Without swap beside it. A program that needs more is ended.">
        {limits.memoryBytes === undefined ? <Unset>all</Unset> : bytes(limits.memoryBytes)}
      </Row>
      <Row label="Processes" hint="Threads count, too.">
        {limits.processes?.toLocaleString() ?? <Unset>{kept ? "4,096, as usual" : "all"}</Unset>}
      </Row>
      {editing && <LimitsDialog workspace={workspace} close={() => setEditing(false)} />}
    </Section>
  );
}

function Unset({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>;
}

function LimitsDialog({ workspace, close }: { workspace: WorkspaceInfo; close: () => void }) {
  // Only what is otherwise than it was here is sent: what another changes meanwhile is not taken back.
  const [before] = useState(workspace);
  const { limits } = before;
  const update = useUpdate(workspace.name);
  const { busy, problem, attempt } = useAttempt(close);
  const [typed, setTyped] = useState<LimitTexts>({
    cpus: limits.cpus === undefined ? "" : String(limits.cpus),
    memory: typedSize(limits.memoryBytes),
    processes: limits.processes === undefined ? "" : String(limits.processes),
  });
  const [checked, setChecked] = useState(false);
  const parsed = limitsChange(typed, before);
  const errors = checked && "errors" in parsed ? parsed.errors : {};
  const submit = () => {
    setChecked(true);
    if ("errors" in parsed) return;
    if (Object.keys(parsed.change).length === 0) return close();
    attempt(() => update(parsed.change));
  };
  return (
    <FormDialog
      title="Limits"
      description="They hold at once. An empty field is no limit."
      action="Save"
      submit={submit}
      busy={busy}
      problem={problem}
      failure="The limits are as they were"
      close={close}
    >
      <TextField
        label="CPUs"
        inputMode="decimal"
        placeholder="all"
        error={errors.cpus}
        value={typed.cpus}
        change={(cpus) => setTyped({ ...typed, cpus })}
      />
      <TextField
        label="Memory"
        hint="Such as 512M or 4G. Not less than what runs uses now."
        placeholder="all"
        error={errors.memory}
        value={typed.memory}
        change={(memory) => setTyped({ ...typed, memory })}
      />
      <TextField
        label="Processes"
        inputMode="numeric"
        placeholder="4096"
        error={errors.processes}
        value={typed.processes}
        change={(processes) => setTyped({ ...typed, processes })}
      />
    </FormDialog>
  );
}
