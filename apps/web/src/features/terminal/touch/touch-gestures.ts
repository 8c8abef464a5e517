import type { Terminal } from "@xterm/xterm";
import type { Position } from "../copy/grid.ts";
import { createMomentum, type Momentum } from "./momentum.ts";

export interface TouchGestures {
  /** A finger rested on a cell; it may go on from there. */
  onLongPress: (at: Position) => void;
  onDrag: (at: Position) => void;
  /** Two fingers: letters are to be so many times as large as when they came down. Where absent they are the browser's. */
  onPinch?: (scale: number, isFirst: boolean) => void;
}

const LONG_PRESS_MS = 500;
/** A finger that is held still moves by less. */
const STILL_PX = 10;

/**
 * What fingers do on a terminal: one scrolls, and goes on after it is lifted; one that rests selects; two make letters larger or
 * smaller. A program that has all of the screen gets the turns of a wheel. Gives back what ends that.
 */
export function followTouch(terminal: Terminal, element: HTMLElement, gestures: TouchGestures): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let momentum: Momentum | undefined;
  let frame = 0;
  let pressing: ReturnType<typeof setTimeout> | undefined;
  let mode: "none" | "scroll" | "select" | "pinch" = "none";
  let [startX, startY, lastY, rest, apart] = [0, 0, 0, 0, 0];

  const onStart = (event: TouchEvent) => {
    cancelAnimationFrame(frame);
    clearTimeout(pressing);
    const [one, two] = event.touches;
    if (one === undefined) return;
    if (two !== undefined) {
      mode = "pinch";
      apart = distance(one, two);
      gestures.onPinch?.(1, true);
      return;
    }
    [startX, startY, lastY, rest] = [one.clientX, one.clientY, one.clientY, 0];
    mode = "none";
    momentum = createMomentum();
    momentum.move(one.clientY, event.timeStamp);
    pressing = setTimeout(() => {
      mode = "select";
      gestures.onLongPress(cellAt(one.clientX, one.clientY));
    }, LONG_PRESS_MS);
  };
  const onMove = (event: TouchEvent) => {
    const [one, two] = event.touches;
    if (one === undefined) return;
    if (mode === "pinch") {
      if (gestures.onPinch === undefined) return;
      event.preventDefault();
      if (two !== undefined && apart > 0) gestures.onPinch(distance(one, two) / apart, false);
      return;
    }
    if (mode === "none") {
      if (Math.hypot(one.clientX - startX, one.clientY - startY) < STILL_PX) return;
      clearTimeout(pressing);
      mode = "scroll";
    }
    // The page is not to move as well, nor the mouse that a browser makes of a finger.
    event.preventDefault();
    if (mode === "select") return gestures.onDrag(cellAt(one.clientX, one.clientY));
    momentum?.move(one.clientY, event.timeStamp);
    scroll(lastY - one.clientY, one.clientX, one.clientY);
    lastY = one.clientY;
  };
  const onEnd = (event: TouchEvent) => {
    clearTimeout(pressing);
    if (event.touches.length > 0) return;
    const was = mode;
    mode = "none";
    // A press that selected is no press of the mouse.
    if (was === "select" || was === "pinch") event.preventDefault();
    if (was !== "scroll" || event.type === "touchcancel") return;
    const going = momentum;
    const step = (at: number) => {
      const pixels = going?.after(at);
      if (pixels === undefined) return;
      scroll(-pixels, startX, lastY);
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  };
  element.addEventListener("touchstart", onStart, { signal, passive: true });
  element.addEventListener("touchmove", onMove, { signal, passive: false });
  element.addEventListener("touchend", onEnd, { signal });
  element.addEventListener("touchcancel", onEnd, { signal });
  // A rested finger opens a menu of the browser's, over what was selected.
  element.addEventListener("contextmenu", (event) => mode === "select" && event.preventDefault(), { signal });
  return () => {
    stop.abort();
    cancelAnimationFrame(frame);
    clearTimeout(pressing);
  };

  function scroll(pixels: number, clientX: number, clientY: number): void {
    const { height } = cell();
    rest += pixels;
    const lines = Math.trunc(rest / height);
    if (lines === 0) return;
    rest -= lines * height;
    const isProgram = terminal.buffer.active.type === "alternate" || terminal.modes.mouseTrackingMode !== "none";
    if (!isProgram) return terminal.scrollLines(lines);
    const target = terminal.element?.querySelector(".xterm-screen");
    for (let turn = 0; turn < Math.abs(lines); turn += 1) {
      target?.dispatchEvent(
        new WheelEvent("wheel", {
          deltaY: Math.sign(lines),
          deltaMode: WheelEvent.DOM_DELTA_LINE,
          clientX,
          clientY,
          bubbles: true,
          cancelable: true,
        }),
      );
    }
  }

  function cell(): { width: number; height: number; box: DOMRect } {
    const box = (terminal.element?.querySelector(".xterm-screen") ?? element).getBoundingClientRect();
    return { width: Math.max(1, box.width / terminal.cols), height: Math.max(1, box.height / terminal.rows), box };
  }

  function cellAt(x: number, y: number): Position {
    const { width, height, box } = cell();
    const within = (value: number, most: number) => Math.min(most - 1, Math.max(0, Math.floor(value)));
    return {
      row: terminal.buffer.active.viewportY + within((y - box.top) / height, terminal.rows),
      col: within((x - box.left) / width, terminal.cols),
    };
  }
}

function distance(one: Touch, two: Touch): number {
  return Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
}
