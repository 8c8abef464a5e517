/** A modifier of the touch keys: for the next key, or until it is tapped again. */
export type Held = "off" | "once" | "locked";

export interface Modifiers {
  ctrl: Held;
  alt: Held;
}

export const NOTHING_HELD: Modifiers = { ctrl: "off", alt: "off" };

/** Tapped twice within this it is locked. */
export const DOUBLE_TAP_MS = 400;

/** After a tap, and how long ago the last tap on the same one was. */
export function tapped(held: Held, sinceLastMs: number): Held {
  if (held === "off") return "once";
  return held === "once" && sinceLastMs <= DOUBLE_TAP_MS ? "locked" : "off";
}

/** After a key was sent with them. */
export function released({ ctrl, alt }: Modifiers): Modifiers {
  return { ctrl: ctrl === "once" ? "off" : ctrl, alt: alt === "once" ? "off" : alt };
}

/** What is sent for text that was typed while they are held: only a single character is a key. */
export function withModifiers(data: string, { ctrl, alt }: Modifiers): string {
  if (Array.from(data).length !== 1) return data;
  const key = ctrl === "off" ? data : withCtrl(data);
  return alt === "off" ? key : `\u001b${key}`;
}

/** A character typed with Control, as what it means where it means something. */
function withCtrl(data: string): string {
  if (data === " ") return "\0";
  if (data === "?") return "\u007f";
  const code = data.toUpperCase().charCodeAt(0);
  return code >= 64 && code <= 95 ? String.fromCharCode(code - 64) : data;
}

/** A key that a phone's keyboard lacks. `final` is how its sequence ends: with `CSI`, or `SS3` where the program asked for that. */
export type TouchKey =
  | { label: string; name: string; text: string }
  | { label: string; name: string; final: string; number?: number };

/** Those at the beginning of the row, and those behind its modifiers. */
export const TOUCH_KEYS: Readonly<Record<"first" | "arrows" | "more", readonly TouchKey[]>> = {
  first: [
    { label: "Esc", name: "Esc", text: "\u001b" },
    { label: "Tab", name: "Tab", text: "\t" },
  ],
  arrows: [
    { label: "←", name: "Left", final: "D" },
    { label: "↑", name: "Up", final: "A" },
    { label: "↓", name: "Down", final: "B" },
    { label: "→", name: "Right", final: "C" },
  ],
  more: [
    { label: "⇧Tab", name: "Shift+Tab", text: "\u001b[Z" },
    { label: "Home", name: "Home", final: "H" },
    { label: "End", name: "End", final: "F" },
    { label: "PgUp", name: "PgUp", final: "~", number: 5 },
    { label: "PgDn", name: "PgDn", final: "~", number: 6 },
  ],
};

const KEYS: Readonly<Record<string, string>> = {
  Esc: "Escape",
  Left: "ArrowLeft",
  Up: "ArrowUp",
  Down: "ArrowDown",
  Right: "ArrowRight",
  PgUp: "PageUp",
  PgDn: "PageDown",
};

/** What a keyboard's event calls it. */
export function keyOf({ name }: TouchKey): string {
  return KEYS[name] ?? name;
}

/** What a touch key sends, as a keyboard would. */
export function sequenceOf(key: TouchKey, { ctrl, alt }: Modifiers, applicationCursorKeys: boolean): string {
  if ("text" in key) return alt === "off" ? key.text : `\u001b${key.text}`;
  const modifier = 1 + (alt === "off" ? 0 : 2) + (ctrl === "off" ? 0 : 4);
  const { final, number } = key;
  if (modifier > 1) return `\u001b[${number ?? 1};${modifier}${final}`;
  if (number !== undefined) return `\u001b[${number}${final}`;
  return `\u001b${applicationCursorKeys ? "O" : "["}${final}`;
}
