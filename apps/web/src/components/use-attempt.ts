import { useEffect, useRef, useState } from "react";
import { toProblem, type Problem } from "../problem.ts";

/**
 * One try at a time of what a dialog is for: it closes once that worked, and otherwise there is a problem to show. What is tried
 * rejects with what was in the way, or resolves to it.
 */
export function useAttempt(close: () => void): {
  busy: boolean;
  problem: Problem | undefined;
  attempt: (act: () => Promise<Problem | undefined>) => void;
} {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => void (shown.current = false);
  }, []);
  const attempt = async (act: () => Promise<Problem | undefined>) => {
    if (busy) return;
    setBusy(true);
    const failed = await act().catch(toProblem);
    setBusy(false);
    setProblem(failed);
    // Closed by hand meanwhile, it must not close the next one.
    if (failed === undefined && shown.current) close();
  };
  return { busy, problem, attempt: (act) => void attempt(act) };
}
