import { AlertDialog, AlertDialogCancel, AlertDialogContent } from "../../components/ui/alert-dialog.tsx";
import { Button } from "../../components/ui/button.tsx";
import { DialogFooter } from "../../components/ui/dialog.tsx";

interface CloseTerminalDialogProps {
  /** What they are called; asked about all at once. */
  names: readonly string[];
  cancel: () => void;
  confirm: () => void;
}

const lists = new Intl.ListFormat("en");

/** Asks before running programs are ended. */
export function CloseTerminalDialog({ names, cancel, confirm }: CloseTerminalDialogProps) {
  if (names.length === 0) return null;
  const several = names.length > 1;
  return (
    <AlertDialog open onOpenChange={(open) => !open && cancel()}>
      <AlertDialogContent
        title={`Close ${lists.format(names.map((name) => `'${name}'`))}?`}
        description={`${several ? "Their shells end" : "Its shell ends"}, with every program that runs in ${several ? "them" : "it"}. Leaving the page instead keeps ${several ? "them" : "it"} running.`}
      >
        <DialogFooter>
          <AlertDialogCancel asChild>
            <Button>Cancel</Button>
          </AlertDialogCancel>
          <Button variant="danger" onClick={confirm}>
            {several ? `Close ${names.length} terminals` : "Close terminal"}
          </Button>
        </DialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
