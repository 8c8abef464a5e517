import { AlertDialog, AlertDialogCancel, AlertDialogContent } from "../../components/ui/alert-dialog.tsx";
import { Button } from "../../components/ui/button.tsx";
import { DialogBody, DialogFooter } from "../../components/ui/dialog.tsx";

interface AskPreviewProps {
  workspace: string;
  port: number;
  agree: () => void;
  cancel: () => void;
}

/** Says once for each workspace whose page it is that will be shown. */
export function AskPreview({ workspace, port, agree, cancel }: AskPreviewProps) {
  return (
    <AlertDialog open onOpenChange={(open) => !open && cancel()}>
      <AlertDialogContent
        title={`Open port ${port} of '${workspace}'?`}
        description="A program in the workspace makes the page that you will see."
      >
        <DialogBody>
          <ul className="list-disc space-y-1.5 pl-5 text-sm">
            <li>It opens in a tab of its own, at an address that no other workspace and no page of the worker has.</li>
            <li>It is told nothing of the dashboard and cannot act in your name here.</li>
            <li>Do not type a password there that belongs anywhere else.</li>
          </ul>
        </DialogBody>
        <DialogFooter>
          <AlertDialogCancel asChild>
            <Button>Cancel</Button>
          </AlertDialogCancel>
          <Button variant="primary" onClick={agree}>
            Open in a new tab
          </Button>
        </DialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
