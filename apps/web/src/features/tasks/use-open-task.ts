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

/** Whether the dialog for a new one is open, as the address has it: a link to it opens it. */
export function useCreating(): [boolean, (creating: boolean) => void] {
  const [query, setQuery] = useSearchParams();
  const setCreating = useCallback(
    (creating: boolean) =>
      setQuery(
        (before) => {
          const after = new URLSearchParams(before);
          if (creating) after.set("new", "task");
          else after.delete("new");
          return after;
        },
        { replace: true },
      ),
    [setQuery],
  );
  return [query.get("new") === "task", setCreating];
}
