/** How terminals look on this device. */
export interface TerminalLook {
  /** `page` follows the page's theme. */
  scheme: SchemeName;
  font: FontChoice;
  /** A font of this device, where `font` is `other`. */
  fontName: string;
  /** In pixels. */
  size: number;
  /** In heights of the font. */
  lineHeight: number;
  cursor: CursorShape;
  blink: boolean;
  /** Lines that can be scrolled back to. */
  scrollback: number;
  copyOnSelect: boolean;
}

export const SCHEME_NAMES = [
  "page",
  "solarized-light",
  "gruvbox-light",
  "solarized-dark",
  "gruvbox-dark",
  "nord",
  "dracula",
  "tokyo-night",
] as const;
export type SchemeName = (typeof SCHEME_NAMES)[number];
export const FONT_CHOICES = ["page", "system", "other"] as const;
export type FontChoice = (typeof FONT_CHOICES)[number];
export const CURSOR_SHAPES = ["block", "bar", "underline"] as const;
export type CursorShape = (typeof CURSOR_SHAPES)[number];

export const BOUNDS = {
  size: { least: 8, most: 28 },
  lineHeight: { least: 1, most: 1.8 },
  scrollback: { least: 0, most: 100_000 },
} as const;

export interface LookStore {
  look(): TerminalLook;
  /** Bounded to what can be read; also where it cannot be kept it holds as long as the page. */
  change(next: Partial<TerminalLook>): void;
  /** As it was before anything was chosen. */
  reset(): void;
  subscribe(listener: () => void): () => void;
}

interface LookOptions {
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  /** Whether the screen is a phone's. */
  narrow: boolean;
}

export const LOOK_KEY = "ws.terminal.look";

/** The chosen look of terminals, kept on this device. */
export function createTerminalLook({ storage, narrow }: LookOptions): LookStore {
  const listeners = new Set<() => void>();
  const first = initialLook(narrow);
  let chosen = read();
  let look = legal({ ...first, ...chosen }, first);
  const tell = () => {
    look = legal({ ...first, ...chosen }, first);
    for (const listener of listeners) listener();
  };
  return {
    look: () => look,
    change(next) {
      chosen = { ...chosen, ...next };
      tell();
      try {
        // Only what was chosen: what is given today may become better.
        storage.setItem(LOOK_KEY, JSON.stringify(chosen));
      } catch {
        // A full or forbidden storage.
      }
    },
    reset() {
      chosen = {};
      tell();
      storage.removeItem(LOOK_KEY);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  function read(): Partial<TerminalLook> {
    try {
      const kept: unknown = JSON.parse(storage.getItem(LOOK_KEY) ?? "{}");
      return typeof kept === "object" && kept !== null && !Array.isArray(kept) ? kept : {};
    } catch {
      return {};
    }
  }
}

export function initialLook(narrow: boolean): TerminalLook {
  return {
    scheme: "page",
    font: "page",
    fontName: "",
    size: narrow ? 12 : 13.5,
    lineHeight: 1.15,
    cursor: "block",
    blink: true,
    scrollback: 10_000,
    copyOnSelect: false,
  };
}

/** The same, and what cannot be is as it was first. */
function legal(look: Record<keyof TerminalLook, unknown>, first: TerminalLook): TerminalLook {
  const oneOf = <T extends string>(all: readonly T[], value: unknown, other: T): T =>
    all.find((one) => one === value) ?? other;
  const within = (key: keyof typeof BOUNDS): number => {
    const value = look[key];
    if (typeof value !== "number" || !Number.isFinite(value)) return first[key];
    return Math.min(BOUNDS[key].most, Math.max(BOUNDS[key].least, value));
  };
  return {
    scheme: oneOf(SCHEME_NAMES, look.scheme, first.scheme),
    font: oneOf(FONT_CHOICES, look.font, first.font),
    fontName: typeof look.fontName === "string" ? look.fontName.slice(0, 100) : first.fontName,
    size: within("size"),
    lineHeight: within("lineHeight"),
    cursor: oneOf(CURSOR_SHAPES, look.cursor, first.cursor),
    blink: look.blink !== false,
    scrollback: Math.round(within("scrollback")),
    copyOnSelect: look.copyOnSelect === true,
  };
}

const SYSTEM_FONTS =
  'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';

/** As CSS; `page` is what the page has for commands. */
export function fontFamilyOf({ font, fontName }: TerminalLook, page: string): string {
  // A name is text of whoever typed it, and a list of fonts is read by commas and quotes.
  const name = fontName.replaceAll(/[^\p{L}\p{N} ._-]/gu, "").trim();
  if (font === "other" && name !== "") return `"${name}", ${page}`;
  return font === "system" ? SYSTEM_FONTS : page;
}
