import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** Which file and which attempt are looked at, as the page's address has it, so that a link shows the same. */
export function useCompareAddress(): {
  file: string | undefined;
  /** Its number; 1 where the address says none. */
  attempt: number;
  go: (to: { file?: string | undefined; attempt?: number | undefined }, how?: { replace: boolean }) => void;
} {
  const [query, setQuery] = useSearchParams();
  const go = useCallback(
    (to: { file?: string | undefined; attempt?: number | undefined }, how = { replace: true }) => {
      // Of the window: two keys pressed at once each know of the other.
      const after = new URLSearchParams(location.search);
      for (const [key, value] of Object.entries(to)) {
        if (value === undefined) after.delete(key);
        else after.set(key, String(value));
      }
      setQuery(after, how);
    },
    [setQuery],
  );
  const number = Number(query.get("attempt"));
  return {
    file: query.get("file") ?? undefined,
    attempt: Number.isInteger(number) && number > 0 ? number : 1,
    go,
  };
}
