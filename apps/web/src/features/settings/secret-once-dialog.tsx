import type { ReactNode } from "react";
import { Button } from "../../components/ui/button.tsx";
import { CopyButton } from "../../components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "../../components/ui/dialog.tsx";

interface SecretOnceDialogProps {
  title: ReactNode;
  description: ReactNode;
  secret: string;
  /** What is done with it. */
  children: ReactNode;
  close: () => void;
}

/** A secret that nobody can show again: the worker keeps its hash alone, and the page nothing once this is closed. */
export function SecretOnceDialog({ title, description, secret, children, close }: SecretOnceDialogProps) {
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent
        width="wide"
        title={title}
        description={description}
        // Lost by a press beside it, it could only be made anew.
        onInteractOutside={(event) => event.preventDefault()}
      >
        <DialogBody className="space-y-4">
          <p className="flex items-center gap-1 rounded-lg border border-line bg-ground py-1.5 pr-1.5 pl-3">
            <code className="min-w-0 flex-1 font-mono text-[0.8125rem] break-all" data-secret>
              {secret}
            </code>
            <CopyButton text={secret} label="Copy token" />
          </p>
          <div className="space-y-2 text-sm text-muted">{children}</div>
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button variant="primary">Done</Button>
          </DialogClose>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
