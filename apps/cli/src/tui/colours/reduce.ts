/** How many colours a terminal shows, as `WriteStream.getColorDepth` tells it: none, 16, 256 or all. */
export type Depth = 1 | 4 | 8 | 24;

/**
 * What turns 24-bit colours in a stream of bytes into those that the terminal has; everything else passes. Bytes come in
 * pieces that may end anywhere.
 */
export function createReducer(depth: Depth): (bytes: Uint8Array) => Buffer {
  let held = "";
  return (bytes) => {
    const text = held + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const unfinished = UNFINISHED.exec(text)?.[0] ?? "";
    held = unfinished.length > LONGEST ? "" : unfinished;
    const whole = text.slice(0, text.length - held.length);
    return Buffer.from(
      whole.replace(STYLE, (_, codes: string) => reduced(codes, depth)),
      "latin1",
    );
  };
}

const STYLE = /\u001b\[([\d;:]*)m/g;
const UNFINISHED = /\u001b(?:\[[\d;:]*)?$/;
/** Nothing that sets a style is as long. */
const LONGEST = 256;

function reduced(codes: string, depth: Depth): string {
  const parts = codes.split(/[;:]/);
  const kept: string[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const code = parts[at] ?? "";
    const ground = code === "38" ? 0 : code === "48" ? 10 : undefined;
    if (ground !== undefined && parts[at + 1] === "2") {
      kept.push(...fewer(ground, parts.slice(at + 2, at + 5).map(Number), depth));
      at += 4;
    } else if (ground !== undefined && parts[at + 1] === "5") {
      kept.push(...ofPalette(ground, Number(parts[at + 2]), depth));
      at += 2;
    } else if (depth > 1 || !isColour(Number(code))) kept.push(code);
  }
  // No code at all would be a reset.
  return kept.length === 0 && parts.length > 0 && codes !== "" ? "" : `\u001b[${kept.join(";")}m`;
}

function isColour(code: number): boolean {
  return (code >= 30 && code <= 49) || (code >= 90 && code <= 107);
}

function fewer(ground: number, [red = 0, green = 0, blue = 0]: number[], depth: Depth): string[] {
  if (depth === 1) return [];
  if (depth === 24) return [String(38 + ground), "2", String(red), String(green), String(blue)];
  if (depth === 8) return [String(38 + ground), "5", String(inCube(red, green, blue))];
  return [inSixteen(ground, nearest(red, green, blue))];
}

function ofPalette(ground: number, index: number, depth: Depth): string[] {
  if (depth === 1) return [];
  if (depth > 4) return [String(38 + ground), "5", String(index)];
  return [inSixteen(ground, index < 16 ? index : nearest(...ofCube(index)))];
}

function inSixteen(ground: number, index: number): string {
  return String((index < 8 ? 30 : 82) + ground + index);
}

const STEPS = [0, 95, 135, 175, 215, 255];

function inCube(red: number, green: number, blue: number): number {
  const spread = Math.max(red, green, blue) - Math.min(red, green, blue);
  if (spread < 8) return red < 4 ? 16 : red > 246 ? 231 : 232 + Math.min(23, Math.max(0, Math.round((red - 8) / 10)));
  const [r = 0, g = 0, b = 0] = [red, green, blue].map(step);
  return 16 + 36 * r + 6 * g + b;
}

function step(value: number): number {
  const distances = STEPS.map((one) => Math.abs(one - value));
  return distances.indexOf(Math.min(...distances));
}

function ofCube(index: number): [number, number, number] {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const at = index - 16;
  return [STEPS[Math.floor(at / 36)] ?? 0, STEPS[Math.floor(at / 6) % 6] ?? 0, STEPS[at % 6] ?? 0];
}

/** As xterm shows them; a user's own differ, and are meant to. */
const SIXTEEN: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

function nearest(red: number, green: number, blue: number): number {
  const distances = SIXTEEN.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2);
  return distances.indexOf(Math.min(...distances));
}
