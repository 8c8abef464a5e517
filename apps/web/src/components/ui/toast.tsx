import { CircleCheck, OctagonAlert, X } from "lucide-react";
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";
import { toProblem, type Problem } from "../../problem.ts";
import { Button } from "./button.tsx";
import { ProblemText } from "../problem-text.tsx";

type Toast = { id: number } & ({ kind: "done"; text: string } | { kind: "failed"; title: string; problem: Problem });

export interface Toaster {
  done(text: string): void;
  /** What was tried, and whatever it was rejected with. */
  failed(title: string, error: unknown): void;
}

const ToasterContext = createContext<Toaster | undefined>(undefined);
const DONE_MS = 5_000;

export function useToaster(): Toaster {
  const toaster = use(ToasterContext);
  if (toaster === undefined) throw new Error("useToaster needs a ToastProvider above it.");
  return toaster;
}

/** Short news in the corner. Good news leaves by itself; a failure stays until it is read. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const last = useRef(0);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const toaster = useMemo<Toaster>(() => {
    const nextId = () => (last.current += 1);
    return {
      done(text) {
        const id = nextId();
        setToasts((all) => [...all.slice(-3), { id, kind: "done", text }]);
        setTimeout(() => dismiss(id), DONE_MS);
      },
      failed(title, error) {
        setToasts((all) => [...all.slice(-3), { id: nextId(), kind: "failed", title, problem: toProblem(error) }]);
      },
    };
  }, [dismiss]);

  return (
    <ToasterContext value={toaster}>
      {children}
      <div
        role="region"
        aria-label="Notifications"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-3 bottom-3 z-60 flex flex-col items-end gap-2 pb-[env(safe-area-inset-bottom)] sm:left-auto sm:w-96"
      >
        {toasts.map((toast) => (
          <div
            key={toast.id}
            className="pointer-events-auto flex w-full animate-enter items-start gap-3 rounded-xl border border-line bg-surface p-3.5 shadow-float"
          >
            {toast.kind === "done" ? (
              <CircleCheck className="mt-0.5 size-4.5 shrink-0 text-good" aria-hidden />
            ) : (
              <OctagonAlert className="mt-0.5 size-4.5 shrink-0 text-bad" aria-hidden />
            )}
            <div className="min-w-0 flex-1 text-sm">
              {toast.kind === "done" ? (
                toast.text
              ) : (
                <>
                  <p className="font-medium">{toast.title}</p>
                  <ProblemText problem={toast.problem} />
                </>
              )}
            </div>
            <Button
              variant="ghost"
              size="iconSmall"
              className="-my-1.5 -mr-1.5"
              aria-label="Dismiss"
              onClick={() => dismiss(toast.id)}
            >
              <X aria-hidden />
            </Button>
          </div>
        ))}
      </div>
    </ToasterContext>
  );
}
