import { useRef, type ComponentProps, type ReactNode } from "react";
import type { Problem } from "../problem.ts";
import { useCloseGuard } from "./close-guard.tsx";
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

/** A panel that asks for a little and does one thing with it. What was typed, or is under way, is not left by a stray press or key. */
export function FormDialog(props: FormDialogProps) {
  const { children, action, submit, busy, disabled = false, problem, failure, close, ...panel } = props;
  const typed = useRef(false);
  const guard = useCloseGuard({ isTyped: () => typed.current, busy, close });
  return (
    <Dialog open onOpenChange={guard.onOpenChange}>
      <DialogContent width="narrow" {...panel} {...guard.content}>
        <form
          className="contents"
          onChange={() => (typed.current = true)}
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
          {guard.question || (
            <DialogFooter>
              <DialogClose asChild>
                <Button>Cancel</Button>
              </DialogClose>
              <Button type="submit" variant="primary" busy={busy} disabled={disabled}>
                {action}
              </Button>
            </DialogFooter>
          )}
        </form>
      </DialogContent>
    </Dialog>
  );
}
