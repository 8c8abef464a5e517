import type { WorkspaceInfo } from "@ws/rpc-contract";
import { useState } from "react";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { CredentialChoice } from "../credential-choice.tsx";
import { useUpdate } from "./use-update.ts";

/** Which of the worker's credentials a workspace may use. */
export function SelectionDialog({ workspace, close }: { workspace: WorkspaceInfo; close: () => void }) {
  const { credentials = "all", name } = workspace;
  const update = useUpdate(name);
  const { busy, problem, attempt } = useAttempt(close);
  const [kind, setKind] = useState<"all" | "none" | "some">(typeof credentials === "string" ? credentials : "some");
  const [chosen, setChosen] = useState<readonly string[]>(typeof credentials === "string" ? [] : credentials);
  return (
    <FormDialog
      title="Credentials it may use"
      description="Programs that run keep what they were begun with."
      action="Save"
      submit={() => attempt(() => update({ credentials: kind === "some" ? [...chosen] : kind }))}
      busy={busy}
      problem={problem}
      failure="It was not changed"
      close={close}
    >
      <CredentialChoice kind={kind} setKind={setKind} chosen={chosen} setChosen={setChosen} />
    </FormDialog>
  );
}
