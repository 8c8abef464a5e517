import { useEffect, useRef, useState, type PointerEvent as ReactPointerEvent, type RefObject } from "react";

/** Less is a press with an unsteady hand. */
const BEGINS_PX = 6;

/**
 * A tab that is drawn along its strip with the mouse or a pen. Other tabs make room at once, so that what is seen is what
 * stays; Escape puts it back. A finger scrolls the strip: for it there is the menu.
 */
export function useDraggedTab(strip: RefObject<HTMLElement | null>, move: (id: string, to: number) => void) {
  const [dragged, setDragged] = useState<string>();
  const end = useRef<(() => void) | undefined>(undefined);
  const justEnded = useRef(false);
  const latest = useRef(move);
  useEffect(() => {
    latest.current = move;
  });
  useEffect(() => () => end.current?.(), []);

  const begin = (event: ReactPointerEvent, id: string, from: number) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    const startX = event.clientX;
    let began = false;
    justEnded.current = false;
    const onMove = ({ clientX }: PointerEvent) => {
      if (!began && Math.abs(clientX - startX) < BEGINS_PX) return;
      if (!began) setDragged(id);
      began = true;
      const tabs = [...(strip.current?.querySelectorAll<HTMLElement>("[data-tab]") ?? [])];
      const at = tabs.findIndex((tab) => tab.dataset["tab"] === id);
      const to = placeUnder(tabs, at, clientX);
      if (at >= 0 && to !== at) latest.current(id, to);
    };
    const onKey = (press: KeyboardEvent) => {
      if (press.key !== "Escape" || !began) return;
      press.preventDefault();
      press.stopPropagation();
      latest.current(id, from);
      end.current?.();
    };
    const stop = new AbortController();
    end.current = () => {
      stop.abort();
      justEnded.current = began;
      setDragged(undefined);
    };
    const { signal } = stop;
    window.addEventListener("pointermove", onMove, { signal });
    window.addEventListener("pointerup", () => end.current?.(), { signal });
    window.addEventListener("pointercancel", () => end.current?.(), { signal });
    window.addEventListener("keydown", onKey, { signal, capture: true });
  };

  return {
    dragged,
    begin,
    /** Whether the click that comes now is only the end of a drag. */
    hasJustEnded: () => {
      const was = justEnded.current;
      justEnded.current = false;
      return was;
    },
  };
}

/** Where it belongs: beyond a neighbour once the pointer is over that one's middle. */
function placeUnder(tabs: readonly HTMLElement[], at: number, x: number): number {
  const middles = tabs.map((tab) => {
    const { left, width } = tab.getBoundingClientRect();
    return left + width / 2;
  });
  let to = at;
  while (to > 0 && x < (middles[to - 1] ?? 0)) to -= 1;
  while (to < tabs.length - 1 && x > (middles[to + 1] ?? 0)) to += 1;
  return to;
}
