import { CircleCheck, OctagonAlert, X } from "lucide-react";
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { toProblem, type Problem } from "../../problem.ts";
import { Button } from "./button.tsx";
import { ProblemText } from "../problem-text.tsx";

type Toast = { id: number } & ({ kind: "done"; text: string } | { kind: "failed"; title: string; problem: Problem });

export interface Toaster {
  done(text: string): void;
  /** What was tried, and whatever it was rejected with. */
  failed(title: string, error: unknown): void;
  /** Which page is shown: what failed on another one is dropped. */
  onPage(address: string): void;
}

const ToasterContext = createContext<Toaster | undefined>(undefined);
/** Long enough to read; under the pointer or with the focus in it, it stays. */
const SHOWN_MS = { done: 5_000, failed: 20_000 };

export function useToaster(): Toaster {
  const toaster = use(ToasterContext);
  if (toaster === undefined) throw new Error("useToaster needs a ToastProvider above it.");
  return toaster;
}

/**
 * Short news in the corner, which leaves by itself. It lies below the panels: what is asked in one is not covered, and a
 * press meant for the news cannot close a panel.
 */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const last = useRef(0);
  const page = useRef<string>(undefined);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const toaster = useMemo<Toaster>(() => {
    const nextId = () => (last.current += 1);
    return {
      done(text) {
        setToasts((all) => [...all.slice(-3), { id: nextId(), kind: "done", text }]);
      },
      failed(title, error) {
        setToasts((all) => [...all.slice(-3), { id: nextId(), kind: "failed", title, problem: toProblem(error) }]);
      },
      onPage(address) {
        if (page.current !== address) setToasts((all) => (all.every(isDone) ? all : all.filter(isDone)));
        page.current = address;
      },
    };
  }, []);

  return (
    <ToasterContext value={toaster}>
      {children}
      <div
        role="region"
        aria-label="Notifications"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-3 bottom-3 z-30 flex flex-col items-end gap-2 pb-[env(safe-area-inset-bottom)] sm:left-auto sm:w-96"
      >
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} dismiss={dismiss} />
        ))}
      </div>
    </ToasterContext>
  );
}

function ToastCard({ toast, dismiss }: { toast: Toast; dismiss: (id: number) => void }) {
  const [held, setHeld] = useState(false);
  const { id, kind } = toast;
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS[kind]);
    return () => clearTimeout(timer);
  }, [held, id, kind, dismiss]);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <div
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
      className="pointer-events-auto flex max-h-[30dvh] w-full animate-enter items-start gap-3 overflow-y-auto rounded-xl border border-line bg-surface p-3.5 shadow-float"
    >
      {kind === "done" ? (
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
        onClick={() => dismiss(id)}
      >
        <X aria-hidden />
      </Button>
    </div>
  );
}

function isDone({ kind }: Toast): boolean {
  return kind === "done";
}
