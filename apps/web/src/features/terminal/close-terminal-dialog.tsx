import { AlertDialog, AlertDialogCancel, AlertDialogContent } from "../../components/ui/alert-dialog.tsx";
import { Button } from "../../components/ui/button.tsx";
import { DialogFooter } from "../../components/ui/dialog.tsx";

interface CloseTerminalDialogProps {
  terminal: string | undefined;
  name: string;
  cancel: () => void;
  confirm: (terminal: string) => void;
}

/** Asks before a running program is ended. */
export function CloseTerminalDialog({ terminal, name, cancel, confirm }: CloseTerminalDialogProps) {
  if (terminal === undefined) return null;
  return (
    <AlertDialog open onOpenChange={(open) => !open && cancel()}>
      <AlertDialogContent
        title={`Close '${name}'?`}
        description="Its shell ends, with every program that runs in it. Leaving the page instead keeps it running."
      >
        <DialogFooter>
          <AlertDialogCancel asChild>
            <Button>Cancel</Button>
          </AlertDialogCancel>
          <Button variant="danger" onClick={() => confirm(terminal)}>
            Close terminal
          </Button>
        </DialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
