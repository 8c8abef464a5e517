import { useEffect, type RefObject } from "react";
import { useNavigate } from "react-router";
import { takesLetters } from "../../../components/verbs/typing.ts";

interface ListInput {
  list: RefObject<HTMLElement | null>;
  filter: RefObject<HTMLInputElement | null>;
  toggle: (id: string) => void;
  /** Ends the selection. */
  clear: () => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/** The list's keys, and its links: j and k or the arrows walk its rows, x selects one, / goes to the filter. */
export function useListInput({ list, filter, toggle, clear }: ListInput): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, target } = event;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target === filter.current && key === "ArrowDown") return focusRow(event, list.current, 1);
      if (takesLetters(target) || !(target instanceof Element)) return;
      const inside = target === document.body || list.current?.contains(target) === true;
      const step = STEPS[key];
      if (key === "/" && filter.current !== null) {
        event.preventDefault();
        filter.current.focus();
      } else if (!inside) return;
      else if (step !== undefined) focusRow(event, list.current, step);
      else if (key === "x") {
        const id = target.closest<HTMLElement>("[data-row]")?.dataset["row"];
        if (id === undefined) return;
        event.preventDefault();
        toggle(id);
      } else if (key === "Escape") clear();
    };
    const onClick = (event: MouseEvent) => {
      if (event.defaultPrevented || event.button !== 0 || !(event.target instanceof Element)) return;
      const to = event.target.closest<HTMLElement>("a[data-inside]")?.dataset["inside"];
      // A new tab or window is the browser's.
      if (to === undefined || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      if (list.current?.contains(event.target) !== true) return;
      event.preventDefault();
      void navigate(to);
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", onClick);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("click", onClick);
    };
  }, [list, filter, toggle, clear, navigate]);
}

function focusRow(event: KeyboardEvent, list: HTMLElement | null, step: number): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const at = event.target instanceof Element ? rows.findIndex((row) => row.contains(event.target as Element)) : -1;
  const next = rows[at === -1 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step))];
  const link = next?.querySelector<HTMLElement>("[data-row-link]");
  if (link === undefined || link === null) return;
  event.preventDefault();
  link.focus();
}
