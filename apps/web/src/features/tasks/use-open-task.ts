import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** Which task is open, kept in the address: a link to it opens it. */
export function useOpenedTask(): string | undefined {
  const [query] = useSearchParams();
  return query.get("task") ?? undefined;
}

/** Opens one, or closes what is open. */
export function useOpenTask(): (id: string | undefined) => void {
  const [, setQuery] = useSearchParams();
  return useCallback(
    (id) =>
      setQuery(
        (before) => {
          const query = new URLSearchParams(before);
          if (id === undefined) query.delete("task");
          else query.set("task", id);
          return query;
        },
        { replace: true },
      ),
    [setQuery],
  );
}
