import type { Colour, Style } from "./ansi.ts";

/** Of a style, as CSS: each colour by day and by night, dark enough or light enough to be read. */
export interface Paint {
  color?: string;
  backgroundColor?: string;
}

type Rgb = readonly [red: number, green: number, blue: number];
type Theme = "light" | "dark";

/** The sixteen by name, each at least 4.5 : 1 on the ground of output. */
const NAMED: Record<Theme, readonly string[]> = {
  light:
    "182126 b3262c 1c7240 85570a 2b5cab 8b3a92 0f6b78 5c6569 626c71 c4343a 1f7a45 8a5d0f 3a6cc0 9c48a4 13727f 394247".split(
      " ",
    ),
  dark: "a3adb2 f08a84 86cf9c e3be7a 8fb4f0 d3a0da 78c8d2 c8cdca 8d989d ffa7a0 a5e3b7 f2d59c b0cbfa e5bdea 9ddde5 f6f7f4".split(
    " ",
  ),
};
const GROUND: Record<Theme, Rgb> = { light: [253, 253, 251], dark: [7, 14, 18] };
const INK: Record<Theme, Rgb> = { light: [24, 33, 38], dark: [226, 228, 223] };
const LEAST_CONTRAST = 4.5;

/** How a style is painted; whatever colours a program chose, its text can be read. */
export function paintOf(style: Style): Paint {
  const { inverse = false } = style;
  const ink = inverse ? style.ground : style.ink;
  const ground = inverse ? style.ink : style.ground;
  if (ink === undefined && ground === undefined && !inverse) return {};
  const [light, dark] = (["light", "dark"] as const).map((theme) => {
    // Turned round, what was not chosen is the page's own.
    const behind = ground === undefined ? (inverse ? INK[theme] : GROUND[theme]) : rgbOf(ground, theme);
    const wanted = ink === undefined ? (inverse ? GROUND[theme] : INK[theme]) : rgbOf(ink, theme);
    return { color: css(readable(wanted, behind)), backgroundColor: css(behind) };
  });
  const both = (key: "color" | "backgroundColor") => `light-dark(${light?.[key]}, ${dark?.[key]})`;
  return ground === undefined && !inverse
    ? { color: both("color") }
    : { color: both("color"), backgroundColor: both("backgroundColor") };
}

/** Towards black or white, until it stands out from what is behind it. */
function readable(wanted: Rgb, behind: Rgb): Rgb {
  const goal: Rgb = luminance(behind) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 1; share += 0.1) {
    const tried = wanted.map((value, at) => Math.round(value + (goal[at as 0] - value) * share)) as unknown as Rgb;
    if (contrast(tried, behind) >= LEAST_CONTRAST) return tried;
  }
  return goal;
}

/** WCAG's relative luminance and contrast. */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, two) => one - two) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function rgbOf(colour: Colour, theme: Theme): Rgb {
  if ("rgb" in colour) return split(colour.rgb);
  const { index } = colour;
  if (index < 16) return split(Number.parseInt(NAMED[theme][index] ?? "", 16));
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const step = (place: number) => [0, 95, 135, 175, 215, 255][Math.floor((index - 16) / 6 ** place) % 6] ?? 0;
  return [step(2), step(1), step(0)];
}

function split(rgb: number): Rgb {
  return [(rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255];
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}
