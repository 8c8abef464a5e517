import type { TerminalConnection } from "@ws/rpc-contract/terminal-client";
import type { Screen } from "./screen.ts";

const RESIZE_MS = 80;
/** A viewer on another machine takes the size without taking the focus from here, so nothing need come into focus again. */
const USES = ["focusin", "pointerdown", "keydown"] as const;

/**
 * Keeps the terminal as large as its place. Of two viewers of one terminal the one in use decides, and the other takes the size
 * over: it is used where it has the focus, and where its place changes on a page that has it, as that of each pane does.
 */
export function followSize(element: HTMLElement, screen: Screen, connection: TerminalConnection): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const apply = () => {
    const size = screen.fitting();
    if (size === undefined || !document.hasFocus()) return;
    if (size.cols === screen.terminal.cols && size.rows === screen.terminal.rows) return;
    screen.terminal.resize(size.cols, size.rows);
    connection.resize(size);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(apply, RESIZE_MS);
  };
  const observer = new ResizeObserver(later);
  observer.observe(element);
  // xterm keeps the keys to itself, so they are seen on their way down.
  for (const use of USES) element.addEventListener(use, later, true);
  const onFocus = () => element.contains(document.activeElement) && later();
  window.addEventListener("focus", onFocus);
  const stop = screen.onCellSize(later);
  return () => {
    stop();
    clearTimeout(timer);
    observer.disconnect();
    for (const use of USES) element.removeEventListener(use, later, true);
    window.removeEventListener("focus", onFocus);
  };
}

/** The size is another's, so the letters give way: of a terminal that is watched nothing should be out of sight. */
export function shrinkToFit(element: HTMLElement, screen: Screen): () => void {
  const observer = new ResizeObserver(() => screen.shrinkToFit());
  observer.observe(element);
  const resized = screen.terminal.onResize(() => screen.shrinkToFit());
  const stop = screen.onCellSize(() => screen.shrinkToFit());
  screen.shrinkToFit();
  return () => {
    observer.disconnect();
    stop();
    resized.dispose();
  };
}
