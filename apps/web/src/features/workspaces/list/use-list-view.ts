import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { useServices } from "../../../services.ts";
import { keepPreferences, readPreferences } from "./preferences.ts";
import { readView, writeView, type ListView } from "./view.ts";

/** A pause in typing; each letter by itself would be a page in the browser's history of it. */
const PAUSE_MS = 250;

/** The view of the list, as the address has it. Typing comes into the address after a pause, and everything else at once. */
export function useListView(): { view: ListView; change: (change: Partial<ListView>) => void } {
  const { timers } = useServices();
  const [query, setQuery] = useSearchParams();
  const [preferred, setPreferred] = useState(() => readPreferences(localStorage));
  const addressed = useMemo(() => readView(query, preferred), [query, preferred]);
  const [text, setText] = useState(addressed.text);
  const [seen, setSeen] = useState(addressed.text);
  const [written, setWritten] = useState(addressed.text);
  if (addressed.text !== seen) {
    setSeen(addressed.text);
    // Not what was typed here: the way back, or a link.
    if (addressed.text !== written) setText(addressed.text);
  }

  const latest = useRef(query);
  useEffect(() => {
    latest.current = query;
  }, [query]);
  // The page follows the address a moment later: what is changed meanwhile is a change of what was asked for, not of what is shown.
  const go = useCallback(
    (asked: Partial<ListView>, how?: { replace: boolean }) => {
      latest.current = writeView(latest.current, asked);
      setQuery(latest.current, how);
    },
    [setQuery],
  );

  useEffect(() => {
    if (text === addressed.text) return;
    return timers.after(PAUSE_MS, () => {
      setWritten(text);
      go({ text }, { replace: true });
    });
  }, [text, addressed.text, go, timers]);

  const change = useCallback(
    (asked: Partial<ListView>) => {
      const next = { text, ...asked };
      setText(next.text);
      if (Object.keys(asked).join() === "text") return;
      setWritten(next.text);
      if (asked.sort !== undefined || asked.group !== undefined) {
        const preferences = { sort: asked.sort ?? addressed.sort, group: asked.group ?? addressed.group };
        keepPreferences(localStorage, preferences);
        setPreferred(preferences);
      }
      // The way back leads to what was typed before this.
      if (asked.text === undefined && text !== (latest.current.get("q") ?? "")) go({ text }, { replace: true });
      go(next);
    },
    [text, addressed.sort, addressed.group, go],
  );
  return { view: useMemo(() => ({ ...addressed, text }), [addressed, text]), change };
}
