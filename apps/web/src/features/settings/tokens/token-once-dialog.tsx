import { Command } from "../../../components/command.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { CopyButton } from "../../../components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "../../../components/ui/dialog.tsx";
import { useServices } from "../../../services.ts";

interface TokenOnceDialogProps {
  name: string;
  token: string;
  forMetrics: boolean;
  close: () => void;
}

/** A token that nobody can show again: the worker keeps its hash alone, and the page nothing once this is closed. */
export function TokenOnceDialog({ name, token, forMetrics, close }: TokenOnceDialogProps) {
  const { worker } = useServices();
  const { origin, host } = location;
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent
        width="wide"
        title={`The token '${name}'`}
        description="It is shown only now. Put it where its program reads it, and nowhere else."
        // Lost by a press beside it, it could only be revoked.
        onInteractOutside={(event) => event.preventDefault()}
      >
        <DialogBody className="space-y-4">
          <p className="flex items-center gap-1 rounded-lg border border-line bg-ground py-1.5 pr-1.5 pl-3">
            <code className="min-w-0 flex-1 font-mono text-[0.8125rem] break-all" data-token>
              {token}
            </code>
            <CopyButton text={token} label="Copy token" />
          </p>
          {worker !== undefined ? (
            <p className="text-sm text-muted">
              It is good at <span className="font-mono">{worker}</span> itself, and not at the hub that this page is of.
            </p>
          ) : (
            <div className="space-y-2 text-sm text-muted">
              <p>With the token in WS_TOKEN:</p>
              {forMetrics ? (
                <Command>{`curl -H "Authorization: Bearer $WS_TOKEN" ${origin}/metrics`}</Command>
              ) : (
                <>
                  <Command>{`WS_WORKER=${origin.startsWith("https:") ? origin : host} ws list`}</Command>
                  <Command>{`curl -H "Authorization: Bearer $WS_TOKEN" ${origin}/api/workspaces`}</Command>
                </>
              )}
            </div>
          )}
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
