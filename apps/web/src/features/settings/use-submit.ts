import { useEffect, useRef, useState } from "react";
import { toProblem, type Problem } from "../../problem.ts";

export interface Submitting {
  busy: boolean;
  /** What was in the way of the last try, where that is about no field of the form. */
  problem: Problem | undefined;
  /** What the worker says of a field, by the field's name. */
  refused: Readonly<Record<string, string>>;
  submit: (act: () => Promise<unknown>) => void;
}

/**
 * One try at a time of what a form is for, which closes it once that worked. A refusal that names one of `fields` stands under it,
 * and every other one stands by itself.
 */
export function useSubmit(close: () => void, fields: readonly string[] = []): Submitting {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => void (shown.current = false);
  }, []);
  const attempt = async (act: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    setRefused({});
    try {
      await act();
      // Closed by hand meanwhile, it must not close the next one.
      if (shown.current) close();
    } catch (error) {
      const failed = toProblem(error);
      const field = fieldOf(error);
      if (field !== undefined && fields.includes(field)) setRefused({ [field]: failed.message });
      else setProblem(failed);
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, refused, submit: (act) => void attempt(act) };
}

/** Which field of the input an agent's refusal is about. */
export function fieldOf(error: unknown): string | undefined {
  const { data } = (error ?? {}) as { data?: { details?: { field?: unknown } } };
  const field = data?.details?.field;
  return typeof field === "string" ? field : undefined;
}
