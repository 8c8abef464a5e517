import { Suspense, useEffect, useRef, type ReactNode } from "react";
import { LoadPage, PartBoundary, type Failed } from "./part-boundary.tsx";
import { ProblemText } from "./problem-text.tsx";
import { Button } from "./ui/button.tsx";

/**
 * Around a dialog that is loaded when it is asked for. Where it does not come, or fails, that is said in its place and can be tried
 * again; the page behind it stays as it was.
 */
export function DialogFrame({ close, children }: { close: () => void; children: ReactNode }) {
  return (
    <PartBoundary renderFailed={(failed) => <NotOpened {...failed} close={close} />}>
      <Suspense>{children}</Suspense>
    </PartBoundary>
  );
}

/** The browser's own dialog: what others are made of may be what did not come. */
function NotOpened({ problem, again, close }: Failed & { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // The browser would begin with what loads the page again.
    first.current?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label="This could not be opened"
      onClose={close}
      className="m-auto w-[29rem] max-w-[92vw] animate-fade rounded-2xl border border-line bg-surface p-5 text-ink shadow-float outline-none backdrop:bg-scrim"
    >
      <h2 className="text-lg font-semibold">This could not be opened</h2>
      <ProblemText problem={problem} className="mt-2" />
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <LoadPage />
        <Button size="small" onClick={() => dialog.current?.close()}>
          Close
        </Button>
        <Button ref={first} size="small" variant="primary" onClick={again}>
          Try again
        </Button>
      </div>
    </dialog>
  );
}
