import { useState } from "react";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "../../../components/ui/dialog.tsx";
import { ChoiceList } from "../choice-list.tsx";
import { SCOPES } from "../scopes.ts";
import { PairingCode } from "./pairing-code.tsx";
import type { PairingScope } from "./pairing-here.ts";

interface PairDialogProps {
  close: () => void;
  /** Another device is known now. */
  onPaired: () => void;
}

/** Lets one device in: what it may do, and then the code for it. The code is good for as long as it is shown here. */
export default function PairDialog({ close, onPaired }: PairDialogProps) {
  const [scope, setScope] = useState<PairingScope>("write");
  const [made, setMade] = useState(0);
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent
        width="wide"
        title="Pair a device"
        description={
          made === 0
            ? "A phone, another browser or a command line comes to a token of its own, which can be revoked alone."
            : "The code is for one device. It is closed with this panel."
        }
      >
        {made === 0 ? (
          <form
            className="contents"
            onSubmit={(event) => {
              event.preventDefault();
              setMade(1);
            }}
          >
            <DialogBody>
              <ChoiceList label="What it may do" value={scope} change={setScope} choices={SCOPES} />
            </DialogBody>
            <DialogFooter>
              <DialogClose asChild>
                <Button>Cancel</Button>
              </DialogClose>
              <Button type="submit" variant="primary">
                Show the code
              </Button>
            </DialogFooter>
          </form>
        ) : (
          <PairingCode key={made} scope={scope} again={() => setMade(made + 1)} {...{ close, onPaired }} />
        )}
      </DialogContent>
    </Dialog>
  );
}
