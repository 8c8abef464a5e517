import type { ComponentProps, ReactNode } from "react";
import type { Problem } from "../problem.ts";
import { Notice } from "./notice.tsx";
import { ProblemText } from "./problem-text.tsx";
import { AlertDialog, AlertDialogCancel, AlertDialogContent } from "./ui/alert-dialog.tsx";
import { Button } from "./ui/button.tsx";
import { DialogBody, DialogFooter } from "./ui/dialog.tsx";
import { useAttempt } from "./use-attempt.ts";

interface ConfirmDialogProps extends Pick<
  ComponentProps<typeof AlertDialogContent>,
  "title" | "description" | "onCloseAutoFocus"
> {
  /** More than a sentence says. */
  children?: ReactNode;
  /** The name of what it does, on its button. */
  action: string;
  tone?: "danger" | "primary";
  /** Rejects with what was in the way, or resolves to it. */
  act: () => Promise<Problem | undefined>;
  /** What a problem means: "It was not deleted". */
  failure: string;
  close: () => void;
}

/** Says what something costs, and does it only then. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { children, action, tone = "danger", act, failure, close, ...panel } = props;
  const { busy, problem, attempt } = useAttempt(close);
  return (
    <AlertDialog open onOpenChange={(open) => !open && close()}>
      <AlertDialogContent {...panel}>
        {(children !== undefined || problem !== undefined) && (
          <DialogBody className="space-y-4">
            {children}
            {problem !== undefined && (
              <Notice tone="bad" title={failure} urgent>
                <ProblemText problem={problem} />
              </Notice>
            )}
          </DialogBody>
        )}
        <DialogFooter>
          <AlertDialogCancel asChild>
            <Button>Cancel</Button>
          </AlertDialogCancel>
          <Button variant={tone} busy={busy} onClick={() => attempt(act)}>
            {action}
          </Button>
        </DialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
