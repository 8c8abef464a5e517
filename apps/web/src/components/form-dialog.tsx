import type { ComponentProps, ReactNode } from "react";
import type { Problem } from "../problem.ts";
import { Notice } from "./notice.tsx";
import { ProblemText } from "./problem-text.tsx";
import { Button } from "./ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "./ui/dialog.tsx";

interface FormDialogProps extends Pick<
  ComponentProps<typeof DialogContent>,
  "title" | "description" | "onOpenAutoFocus" | "onCloseAutoFocus"
> {
  /** What is asked for. */
  children: ReactNode;
  /** The name of what it does, on its button. */
  action: string;
  submit: () => void;
  busy: boolean;
  disabled?: boolean;
  /** What was in the way, and what that means: "It was not renamed". */
  problem: Problem | undefined;
  failure: string;
  close: () => void;
}

/** A panel that asks for a little and does one thing with it. */
export function FormDialog(props: FormDialogProps) {
  const { children, action, submit, busy, disabled = false, problem, failure, close, ...panel } = props;
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent width="narrow" {...panel}>
        <form
          className="contents"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <DialogBody className="space-y-4">
            {children}
            {problem !== undefined && (
              <Notice tone="bad" title={failure} urgent>
                <ProblemText problem={problem} />
              </Notice>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="primary" busy={busy} disabled={disabled}>
              {action}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
