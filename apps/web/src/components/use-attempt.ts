import { useEffect, useRef, useState } from "react";
import { toProblem, type Problem } from "../problem.ts";

export interface Attempt {
  busy: boolean;
  /** What was in the way of the last try, where that is about no field of the form. */
  problem: Problem | undefined;
  /** What the worker says of a field, by the field's name. */
  refused: Readonly<Record<string, string>>;
  /** What is tried rejects with what was in the way, or resolves to it. */
  attempt: (act: () => Promise<Problem | undefined | void>) => void;
}

/**
 * One try at a time of what a dialog is for: it closes once that worked, and otherwise there is a problem to show. A refusal that
 * names one of `fields` stands under it, and every other one by itself.
 */
export function useAttempt(close: () => void, fields: readonly string[] = []): Attempt {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => void (shown.current = false);
  }, []);
  const attempt = async (act: () => Promise<Problem | undefined | void>) => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    setRefused({});
    let failed: Problem | undefined;
    let field: string | undefined;
    try {
      failed = (await act()) ?? undefined;
    } catch (error) {
      failed = toProblem(error);
      field = fieldOf(error);
    }
    setBusy(false);
    if (failed !== undefined && field !== undefined && fields.includes(field)) setRefused({ [field]: failed.message });
    else setProblem(failed);
    // Closed by hand meanwhile, it must not close the next one.
    if (failed === undefined && shown.current) close();
  };
  return { busy, problem, refused, attempt: (act) => void attempt(act) };
}

/** Which field of the input an agent's refusal is about. */
function fieldOf(error: unknown): string | undefined {
  const { data } = (error ?? {}) as { data?: { details?: { field?: unknown } } };
  const field = data?.details?.field;
  return typeof field === "string" ? field : undefined;
}
