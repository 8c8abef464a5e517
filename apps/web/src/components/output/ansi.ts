/** How a piece of output is written. Colours are indexes from 0 to 255 of the usual table, or `0xRRGGBB` in `rgb`. */
export interface Style {
  ink?: Colour;
  ground?: Colour;
  bold?: true;
  dim?: true;
  italic?: true;
  underline?: true;
  strike?: true;
  inverse?: true;
  hidden?: true;
}

export type Colour = { index: number } | { rgb: number };

export interface Styled {
  text: string;
  style: Style;
}

/** What a program wrote, as parts: a text in a style, the end of a line, or a return to its beginning. */
export type AnsiPart = Styled | "newline" | "return";

export interface AnsiReader {
  /** A sequence may be cut anywhere between two texts. */
  read(text: string): AnsiPart[];
}

const PLAIN: Style = {};
/** Of a sequence that does not end, what is swallowed at most: what comes behind is shown. */
const LONGEST_SEQUENCE = 4_096;

// Control sequences are what this is about.
// oxlint-disable no-control-regex
/** CSI with its parameters and final byte. */
const CSI = /^\u001b\[([0-?]*)([ -/]*)([@-~])/;
/** OSC, DCS, SOS, PM and APC: a title, a link, the clipboard. They end at BEL or ST, and at a line's end at the latest. */
const STRING = /^\u001b[\]PX^_][^\u0007\u001b\n\u009c]*(?:\u0007|\u001b\\|\u009c|(?=[\n\u001b]))/;
const SHORT = /^\u001b[ -/]*[0-Z\\`-~]/;
/** What may be the beginning of one. */
const OPEN = /^\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0007\u001b\n\u009c]*\u001b?|[ -/]*)$/;
/** Everything that is no text: an escape, a line's end, other controls. Tabs are text. */
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;
// oxlint-enable no-control-regex

/**
 * Reads what programs write for terminals as text in styles. Colours are kept; every other sequence is swallowed, so that
 * output can neither set a title, nor write the clipboard (OSC 52), nor hide where a link leads (OSC 8).
 */
export function createAnsiReader(): AnsiReader {
  let style = PLAIN;
  let held = "";
  return {
    read(text) {
      const parts: AnsiPart[] = [];
      let rest = held + text;
      held = "";
      while (rest !== "") {
        const at = rest.search(CONTROL);
        if (at !== 0) {
          parts.push({ text: at < 0 ? rest : rest.slice(0, at), style });
          rest = at < 0 ? "" : rest.slice(at);
          continue;
        }
        if (rest[0] !== "\u001b") {
          if (rest[0] === "\n") parts.push("newline");
          if (rest[0] === "\r") {
            // Whether it only ends the line, the next character says.
            if (rest.length === 1) {
              held = rest;
              break;
            }
            if (rest[1] !== "\n" && rest[1] !== "\r") parts.push("return");
          }
          rest = rest.slice(1);
          continue;
        }
        const csi = CSI.exec(rest);
        if (csi !== null) {
          const [whole, parameters = "", , final] = csi;
          if (final === "m") style = styled(style, parameters);
          rest = rest.slice(whole.length);
          continue;
        }
        const other = STRING.exec(rest) ?? SHORT.exec(rest);
        if (other !== null) {
          rest = rest.slice(other[0].length);
          continue;
        }
        if (rest.length < LONGEST_SEQUENCE && OPEN.test(rest)) {
          held = rest;
          break;
        }
        rest = rest.slice(1);
      }
      return parts;
    },
  };
}

/** The style after the parameters of an SGR sequence; what is not known of them changes nothing. */
function styled(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((code) => (code === "" ? 0 : Number(code)));
  let style: Style = { ...before };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) style = {};
    else if (code === 38 || code === 48) {
      const read = extended(codes, at + 1);
      if (read.colour !== undefined) style[code === 38 ? "ink" : "ground"] = read.colour;
      at = read.last;
    } else if (code >= 30 && code <= 37) style.ink = { index: code - 30 };
    else if (code >= 90 && code <= 97) style.ink = { index: code - 82 };
    else if (code >= 40 && code <= 47) style.ground = { index: code - 40 };
    else if (code >= 100 && code <= 107) style.ground = { index: code - 92 };
    else if (Object.hasOwn(SET, code)) style[SET[code] as Flag] = true;
    else for (const flag of CLEAR[code] ?? []) delete style[flag];
  }
  return style;
}

type Flag = "bold" | "dim" | "italic" | "underline" | "inverse" | "hidden" | "strike";

const SET: Readonly<Record<number, Flag>> = {
  1: "bold",
  2: "dim",
  3: "italic",
  4: "underline",
  7: "inverse",
  8: "hidden",
  9: "strike",
  21: "underline",
};

const CLEAR: Readonly<Record<number, readonly (keyof Style)[]>> = {
  22: ["bold", "dim"],
  23: ["italic"],
  24: ["underline"],
  27: ["inverse"],
  28: ["hidden"],
  29: ["strike"],
  39: ["ink"],
  49: ["ground"],
};

/** `5;N` or `2;R;G;B`. */
function extended(codes: readonly number[], at: number): { colour?: Colour; last: number } {
  const byte = (value: number | undefined) => Math.max(0, Math.min(255, value ?? 0));
  if (codes[at] === 5) return { colour: { index: byte(codes[at + 1]) }, last: at + 1 };
  if (codes[at] !== 2) return { last: at };
  const [red, green, blue] = [byte(codes[at + 1]), byte(codes[at + 2]), byte(codes[at + 3])];
  return { colour: { rgb: (red << 16) | (green << 8) | blue }, last: at + 3 };
}
