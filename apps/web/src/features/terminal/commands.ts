import type { Direction } from "./layout/rectangles.ts";

/** What keys do in a terminal that its program does not get. */
export type TerminalCommand =
  | { kind: "split"; axis: "row" | "column" }
  | { kind: "go"; direction: Direction }
  | { kind: "moveTab"; step: 1 | -1 }
  | { kind: "maximise" | "search" | "copyMode" | "copy" | "leave" };

export type Keys = Pick<KeyboardEvent, "code" | "key" | "ctrlKey" | "shiftKey" | "altKey" | "metaKey">;

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** By letters, so that it is the same on every keyboard; all with Control and Shift, which programs cannot tell from Control. */
const LETTERS: Readonly<Record<string, TerminalCommand>> = {
  E: { kind: "split", axis: "row" },
  O: { kind: "split", axis: "column" },
  X: { kind: "maximise" },
  F: { kind: "search" },
  C: { kind: "copy" },
  PAGEUP: { kind: "moveTab", step: -1 },
  PAGEDOWN: { kind: "moveTab", step: 1 },
};

export function commandOf(keys: Keys): TerminalCommand | undefined {
  const { key, code, ctrlKey, shiftKey, altKey, metaKey } = keys;
  if (key === "Escape" && shiftKey && !ctrlKey && !altKey && !metaKey) return { kind: "leave" };
  // Where there is a Command key it searches, as everywhere on that machine.
  if (metaKey && !ctrlKey && !altKey && !shiftKey && key.toUpperCase() === "F") return { kind: "search" };
  if (!ctrlKey || !shiftKey || altKey || metaKey) return undefined;
  // With Control held some browsers say no key but the place of it.
  if (code === "Space") return { kind: "copyMode" };
  const direction = ARROWS[key];
  return direction === undefined ? LETTERS[key.toUpperCase()] : { kind: "go", direction };
}

/** For `aria-keyshortcuts` and the titles of what does the same. */
export const SHORTCUTS = {
  splitRight: "Control+Shift+E",
  splitBelow: "Control+Shift+O",
  maximise: "Control+Shift+X",
  search: "Control+Shift+F",
  copyMode: "Control+Shift+Space",
  moveBack: "Control+Shift+PageUp",
  moveOn: "Control+Shift+PageDown",
} as const;
