import { useState, type ComponentProps, type ReactNode } from "react";
import { Button } from "./ui/button.tsx";
import { DialogFooter, type Dialog, type DialogContent } from "./ui/dialog.tsx";

interface CloseGuard {
  /** Of the `Dialog`. */
  onOpenChange: NonNullable<ComponentProps<typeof Dialog>["onOpenChange"]>;
  /** Of its content. */
  content: Pick<ComponentProps<typeof DialogContent>, "onInteractOutside" | "onEscapeKeyDown">;
  /** What is asked in place of the dialog's foot. */
  question: ReactNode;
}

/**
 * What was typed is given up only by somebody's word, and what is under way is not left without one: a stray press beside a dialog
 * does nothing then, and Escape asks. Cancel and the cross are a word, but not while something is under way.
 */
export function useCloseGuard({
  isTyped,
  busy,
  close,
}: {
  isTyped: () => boolean;
  busy: boolean;
  close: () => void;
}): CloseGuard {
  const [asked, setAsked] = useState<"typed" | "busy">();
  // What was under way has failed meanwhile, and that is to be read.
  const asks = asked === "busy" && !busy ? undefined : asked;
  const stake = () => (busy ? "busy" : isTyped() ? "typed" : undefined);
  return {
    onOpenChange(open) {
      if (open) return;
      if (busy) setAsked("busy");
      else close();
    },
    content: {
      onInteractOutside(event) {
        if (stake() !== undefined) event.preventDefault();
      },
      onEscapeKeyDown(event) {
        const next = stake();
        if (next === undefined) return;
        event.preventDefault();
        setAsked(asks === undefined ? next : undefined);
      },
    },
    question: asks !== undefined && (
      // Not the same elements as those of the foot: a button that became another one while it is pressed would do what that does.
      <DialogFooter key="question">
        <p role="alert" className="mr-auto min-w-0 flex-1 basis-52 text-sm max-sm:basis-full">
          {asks === "busy"
            ? "The worker is still at it. Closed now, this does not say what becomes of it."
            : "Give up what you typed?"}
        </p>
        <Button ref={focus} onClick={() => setAsked(undefined)}>
          Keep it open
        </Button>
        <Button variant="danger" onClick={close}>
          {asks === "busy" ? "Close all the same" : "Give it up"}
        </Button>
      </DialogFooter>
    ),
  };
}

function focus(button: HTMLButtonElement | null): void {
  button?.focus();
}
