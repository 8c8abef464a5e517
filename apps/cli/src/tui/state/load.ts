import { useEffect, useMemo, useState } from "react";
import { toCliError } from "../../errors.ts";
import { useApp } from "./app-context.ts";
import { useStore } from "./store.ts";

export type Loaded<T> = { kind: "loading" } | { kind: "there"; value: T } | { kind: "failed"; why: string };

/**
 * What a question to the worker is answered, asked again whenever `key` is another, or `ask`, and when the worker is there
 * again after it was away. What was there stays until then; a wait of so many milliseconds lets a key that changes quickly come to rest.
 */
export function useLoaded<K, T>(key: K, ask: (key: K, signal: AbortSignal) => Promise<T>, waitMs = 0): Loaded<T> {
  const returns = useStore(useApp().session.returns);
  const question = useMemo(() => ({ key, returns }), [key, returns]);
  const [loaded, setLoaded] = useState<Loaded<T>>({ kind: "loading" });
  useEffect(() => {
    const over = new AbortController();
    const answer = (next: Loaded<T>): void => void (over.signal.aborted || setLoaded(next));
    const waiting = setTimeout(() => {
      ask(question.key, over.signal).then(
        (value) => answer({ kind: "there", value }),
        (error: unknown) => answer({ kind: "failed", why: toCliError(error).message }),
      );
    }, waitMs);
    return () => {
      clearTimeout(waiting);
      over.abort();
    };
  }, [question, ask, waitMs]);
  return loaded;
}
