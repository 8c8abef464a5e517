import { Dialog, DialogBody, DialogContent } from "../../components/ui/dialog.tsx";
import LookControls from "../../terminal-look/look-controls.tsx";

interface LookDialogProps {
  close: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** How terminals look, changed while they are seen. */
export default function LookDialog({ close, onCloseAutoFocus }: LookDialogProps) {
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent
        width="wide"
        title="Appearance of terminals"
        description="Of all terminals, on this device. What you change holds at once."
        onCloseAutoFocus={onCloseAutoFocus}
      >
        <DialogBody>
          <div className="divide-y divide-line rounded-xl border border-line">
            <LookControls />
          </div>
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}
