import { useEffect, useRef, useState, type PointerEvent as ReactPointerEvent, type RefObject } from "react";
import type { Side } from "./layout/layout.ts";

/** Less is a press with an unsteady hand. */
const BEGINS_PX = 6;

/** Where a tab would go that is let go of now. */
export interface DropPlace {
  pane: string;
  side: Side;
}

export interface TabMoves {
  /** Puts a tab where another is, counted from 0. */
  move: (id: string, to: number) => void;
  /** A tab is held over a pane, or no longer. */
  over: (id: string, place: DropPlace | undefined) => void;
  /** It is let go of there. */
  drop: (id: string, place: DropPlace) => void;
}

/**
 * A tab that is drawn along its strip with the mouse or a pen, or onto a pane. Other tabs make room at once, so that what is seen is
 * what stays; Escape puts it back. A finger scrolls the strip: for it there is the menu.
 */
export function useDraggedTab(strip: RefObject<HTMLElement | null>, moves: TabMoves) {
  const [dragged, setDragged] = useState<string>();
  const end = useRef<(() => void) | undefined>(undefined);
  const justEnded = useRef(false);
  const latest = useRef(moves);
  useEffect(() => {
    latest.current = moves;
  });
  useEffect(() => () => end.current?.(), []);

  const begin = (event: ReactPointerEvent, id: string, from: number) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    const { clientX: startX, clientY: startY } = event;
    let began = false;
    let place: DropPlace | undefined;
    const hold = (next: DropPlace | undefined) => {
      if (next?.pane === place?.pane && next?.side === place?.side) return;
      place = next;
      latest.current.over(id, next);
    };
    justEnded.current = false;
    const onMove = ({ clientX, clientY }: PointerEvent) => {
      if (!began && Math.hypot(clientX - startX, clientY - startY) < BEGINS_PX) return;
      if (!began) setDragged(id);
      began = true;
      hold(placeAt(clientX, clientY));
      if (place !== undefined) return;
      const tabs = [...(strip.current?.querySelectorAll<HTMLElement>("[data-tab]") ?? [])];
      const at = tabs.findIndex((tab) => tab.dataset["tab"] === id);
      const to = placeUnder(tabs, at, clientX);
      if (at >= 0 && to !== at) latest.current.move(id, to);
    };
    const onKey = (press: KeyboardEvent) => {
      if (press.key !== "Escape" || !began) return;
      press.preventDefault();
      press.stopPropagation();
      hold(undefined);
      latest.current.move(id, from);
      end.current?.();
    };
    const stop = new AbortController();
    end.current = () => {
      stop.abort();
      hold(undefined);
      justEnded.current = began;
      setDragged(undefined);
    };
    const { signal } = stop;
    window.addEventListener("pointermove", onMove, { signal });
    const onUp = () => {
      const dropped = place;
      end.current?.();
      if (dropped !== undefined) latest.current.drop(id, dropped);
    };
    window.addEventListener("pointerup", onUp, { signal });
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

/** The pane under the pointer, and which of its edges is nearest. */
function placeAt(x: number, y: number): DropPlace | undefined {
  const pane = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-pane]");
  const id = pane?.dataset["pane"];
  if (pane === null || pane === undefined || id === undefined) return undefined;
  const { left, top, width, height } = pane.getBoundingClientRect();
  const [across, down] = [(x - left) / width - 0.5, (y - top) / height - 0.5];
  if (Math.abs(across) > Math.abs(down)) return { pane: id, side: across < 0 ? "left" : "right" };
  return { pane: id, side: down < 0 ? "up" : "down" };
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
