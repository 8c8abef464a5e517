import type { WorkspaceInfo } from "@ws/rpc-contract";
import { useState, type SyntheticEvent } from "react";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "../../../components/ui/dialog.tsx";
import { Field } from "../../../components/ui/field.tsx";
import { Input } from "../../../components/ui/input.tsx";
import { toProblem, type Problem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import { isName } from "../names.ts";

interface RenameDialogProps {
  workspace: WorkspaceInfo;
  close: () => void;
  onRenamed: ((newName: string) => void) | undefined;
}

/** Asks for another name. */
export function RenameDialog({ workspace, close, onRenamed }: RenameDialogProps) {
  const { client } = useServices();
  const [newName, setNewName] = useState(workspace.name);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const legal = isName(newName);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (!legal || busy) return;
    if (newName === workspace.name) return close();
    setBusy(true);
    try {
      await client.workspaces.rename({ name: workspace.name, newName });
      onRenamed?.(newName);
      close();
    } catch (error) {
      setProblem(toProblem(error));
      setBusy(false);
    }
  };

  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent
        title={`Rename '${workspace.name}'`}
        description="Its id, home, files and processes stay as they are."
        width="narrow"
      >
        <form className="contents" onSubmit={(event) => void submit(event)}>
          <DialogBody className="space-y-4">
            <Field
              label="New name"
              error={legal || newName === "" ? undefined : "Use 1 to 63 lower-case letters, digits and inner hyphens."}
            >
              {(control) => (
                <Input {...control} value={newName} onChange={(event) => setNewName(event.target.value)} required />
              )}
            </Field>
            {problem !== undefined && (
              <Notice tone="bad" title="It was not renamed" urgent>
                <ProblemText problem={problem} />
              </Notice>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="primary" busy={busy} disabled={!legal}>
              Rename
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
