import type { ITheme } from "@xterm/xterm";
import type { Theme } from "../theme.ts";
import type { SchemeName } from "./look.ts";

/** Colours of a terminal, as `#RRGGBB`. */
export interface Scheme {
  label: string;
  ground: string;
  ink: string;
  cursor: string;
  /** The sixteen of the standard, in its order. */
  colours: readonly string[];
}

/** Well-known ones, as their makers publish them. Where an ink was fainter on its ground than 4.5 : 1, the next stronger of its own scale. */
const SCHEMES: Record<Exclude<SchemeName, "page">, Scheme> = {
  "solarized-light": scheme(
    "Solarized Light",
    "fdf6e3 586e75 586e75 073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3",
  ),
  "gruvbox-light": scheme(
    "Gruvbox Light",
    "fbf1c7 3c3836 3c3836 fbf1c7 cc241d 98971a d79921 458588 b16286 689d6a 7c6f64 928374 9d0006 79740e b57614 076678 8f3f71 427b58 3c3836",
  ),
  "solarized-dark": scheme(
    "Solarized Dark",
    "002b36 93a1a1 93a1a1 073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 586e75 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3",
  ),
  "gruvbox-dark": scheme(
    "Gruvbox Dark",
    "282828 ebdbb2 ebdbb2 282828 cc241d 98971a d79921 458588 b16286 689d6a a89984 928374 fb4934 b8bb26 fabd2f 83a598 d3869b 8ec07c ebdbb2",
  ),
  nord: scheme(
    "Nord",
    "2e3440 d8dee9 d8dee9 3b4252 bf616a a3be8c ebcb8b 81a1c1 b48ead 88c0d0 e5e9f0 4c566a bf616a a3be8c ebcb8b 81a1c1 b48ead 8fbcbb eceff4",
  ),
  dracula: scheme(
    "Dracula",
    "282a36 f8f8f2 f8f8f2 21222c ff5555 50fa7b f1fa8c bd93f9 ff79c6 8be9fd f8f8f2 6272a4 ff6e6e 69ff94 ffffa5 d6acff ff92df a4ffff ffffff",
  ),
  "tokyo-night": scheme(
    "Tokyo Night",
    "1a1b26 c0caf5 c0caf5 15161e f7768e 9ece6a e0af68 7aa2f7 bb9af7 7dcfff a9b1d6 414868 f7768e 9ece6a e0af68 7aa2f7 bb9af7 7dcfff c0caf5",
  ),
};

/** Ground and ink are those of styles.css; xterm reads neither variables nor oklch. */
const PAGE: Record<Theme, Scheme> = {
  light: scheme(
    "Like the page",
    "fdfdfb 182126 0f6b78 182126 b3262c 1c7240 85570a 2b5cab 8b3a92 0f6b78 5c6569 626c71 c4343a 23804a 946412 3a6cc0 9c48a4 167b89 394247",
  ),
  dark: scheme(
    "Like the page",
    "070e12 e2e4df 6fc7d1 2a3439 f08a84 86cf9c e3be7a 8fb4f0 d3a0da 78c8d2 c8cdca 7d888d ffa7a0 a5e3b7 f2d59c b0cbfa e5bdea 9ddde5 f6f7f4",
  ),
};

/** The colours of a scheme, by day or by night where it follows the page. */
export function schemeOf(name: SchemeName, theme: Theme): Scheme {
  return name === "page" ? PAGE[theme] : SCHEMES[name];
}

const NAMES = "black red green yellow blue magenta cyan white".split(" ");
const NAMES_OF_XTERM = [...NAMES, ...NAMES.map((name) => `bright${name[0]?.toUpperCase()}${name.slice(1)}`)];

export function xtermTheme({ ground, ink, cursor, colours }: Scheme): ITheme {
  return {
    background: ground,
    foreground: ink,
    cursor,
    cursorAccent: ground,
    selectionBackground: mixed(ground, cursor, 0.3),
    ...Object.fromEntries(NAMES_OF_XTERM.map((name, at) => [name, colours[at]])),
  };
}

/** What is found, and the one of it that was come to: tints on which the ink can still be read. */
export function foundColours({ ground, ink, cursor, colours }: Scheme) {
  const yellow = colours[3] ?? ink;
  return { every: mixed(ground, yellow, 0.2), one: mixed(ground, cursor, 0.3), edge: mixed(ground, cursor, 0.9) };
}

/** A share of one colour over another, `#RRGGBB`. */
function mixed(under: string, over: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [low, high] = [Number.parseInt(under.slice(at, at + 2), 16), Number.parseInt(over.slice(at, at + 2), 16)];
    return Math.round(low + (high - low) * share)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}

function scheme(label: string, hex: string): Scheme {
  const [ground = "", ink = "", cursor = "", ...colours] = hex.split(" ").map((colour) => `#${colour}`);
  return { label, ground, ink, cursor, colours };
}
