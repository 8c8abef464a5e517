import type { WorkspaceInfo } from "@ws/rpc-contract";
import { AlertDialog, AlertDialogCancel, AlertDialogContent } from "../../../components/ui/alert-dialog.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { DialogFooter } from "../../../components/ui/dialog.tsx";
import { useActions } from "./use-actions.ts";

interface InterruptDialogProps {
  kind: "stop" | "restart";
  workspace: WorkspaceInfo;
  close: () => void;
}

/** Asks before everything that runs in a workspace is ended. */
export function InterruptDialog({ kind, workspace, close }: InterruptDialogProps) {
  const actions = useActions();
  const { name } = workspace;
  const verb = kind === "stop" ? "Stop" : "Restart";
  return (
    <AlertDialog open onOpenChange={(open) => !open && close()}>
      <AlertDialogContent
        title={`${verb} '${name}'?`}
        description={
          <ul className="list-disc space-y-0.5 pl-5">
            <li>Its terminals end, with every program that runs in them.</li>
            <li>Other processes in it end too.</li>
            <li>Its home and its files stay{kind === "stop" ? "; it can be started again" : ""}.</li>
          </ul>
        }
      >
        <DialogFooter>
          <AlertDialogCancel asChild>
            <Button>Cancel</Button>
          </AlertDialogCancel>
          <Button
            variant="primary"
            onClick={() => {
              void actions[kind](workspace);
              close();
            }}
          >
            {verb}
          </Button>
        </DialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
