import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** Which task is open, kept in the address: a link to it opens it. */
export function useOpenedTask(): string | undefined {
  const [query] = useSearchParams();
  return query.get("task") ?? undefined;
}

/** Opens one, or closes what is open. */
export function useOpenTask(): (id: string | undefined) => void {
  const set = useSetQuery();
  return useCallback((id) => set("task", id), [set]);
}

/** Whether the dialog for a new one is open, as the address has it: a link to it opens it. */
export function useCreating(): [boolean, (creating: boolean) => void] {
  const [query] = useSearchParams();
  const set = useSetQuery();
  const setCreating = useCallback(
    (creating: boolean) => {
      set("new", creating ? "task" : undefined);
      set("tries", undefined);
    },
    [set],
  );
  return [query.get("new") === "task", setCreating];
}

/** Says one thing in the address, or no more, and leaves the rest. */
function useSetQuery(): (key: string, value: string | undefined) => void {
  const [, setQuery] = useSearchParams();
  return useCallback(
    (key, value) => {
      // Of the window: a new task is opened and its dialog closed at once, and what was rendered last knows of neither.
      const query = new URLSearchParams(location.search);
      if (value === undefined) query.delete(key);
      else query.set(key, value);
      setQuery(query, { replace: true });
    },
    [setQuery],
  );
}
