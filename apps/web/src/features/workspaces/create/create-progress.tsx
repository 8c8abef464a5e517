import type { WorkspaceInfo } from "@ws/rpc-contract";
import { useEffect, useState } from "react";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { DialogBody, DialogClose, DialogFooter } from "../../../components/ui/dialog.tsx";
import { useNow } from "../../../components/use-now.ts";
import { Status } from "../../../components/workspace-status/status.tsx";
import { useActions } from "../actions/use-actions.ts";
import { useLive } from "../../../live/live-context.tsx";
import { StartupSteps } from "../startup-steps.tsx";

interface CreateProgressProps {
  workspace: WorkspaceInfo;
  onReady: () => void;
  /** The failed workspace is gone; back to the form. */
  onAgain: () => void;
}

/** The steps of a create as they happen, and what can be done where one failed. */
export function CreateProgress({ workspace, onReady, onAgain }: CreateProgressProps) {
  const { progress, connection } = useLive();
  const actions = useActions();
  const now = useNow(workspace.status === "creating");
  const [removing, setRemoving] = useState(false);
  const { status, failure } = workspace;
  const ready = status === "running" && workspace.operation === undefined;
  const failed = status === "error" && workspace.operation === undefined;

  useEffect(() => {
    if (ready) onReady();
    // oxlint-disable-next-line react/exhaustive-deps -- once, when it becomes ready
  }, [ready]);

  const changeAndRepeat = async () => {
    setRemoving(true);
    const removed = await actions.remove(workspace);
    setRemoving(false);
    if (removed) onAgain();
  };

  return (
    <>
      <DialogBody className="space-y-4">
        <p aria-live="polite">
          <Status workspace={workspace} />
          {connection === "reconnecting" && <span className="ml-2 text-sm text-warn">reconnecting…</span>}
        </p>
        <StartupSteps workspace={workspace} progress={progress.get(workspace.id)} now={now} />
        {failed && (
          <Notice tone="bad" title="It could not be created" urgent>
            <ProblemText problem={failure ?? { code: "unknown", message: "The worker did not say why." }} />
          </Notice>
        )}
      </DialogBody>
      <DialogFooter>
        {failed ? (
          <>
            <DialogClose asChild>
              <Button variant="ghost">Close</Button>
            </DialogClose>
            <Button busy={removing} onClick={() => void changeAndRepeat()}>
              Discard and change
            </Button>
            <Button variant="primary" disabled={removing} onClick={() => void actions.start(workspace)}>
              Try again
            </Button>
          </>
        ) : (
          <DialogClose asChild>
            <Button>Close</Button>
          </DialogClose>
        )}
      </DialogFooter>
    </>
  );
}
