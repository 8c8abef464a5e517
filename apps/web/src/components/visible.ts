/**
 * Characters that are not seen, or that change what is seen: controls, what turns the direction of writing, and spaces of no
 * width. A name or a line of code with one of them reads as another (Trojan Source, CVE-2021-42574).
 */
// oxlint-disable-next-line no-control-regex, no-misleading-character-class -- that is what it looks for
const HIDDEN =
  /([\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff])/;

export interface Piece {
  /** Where it begins. */
  from: number;
  text: string;
  /** Whether it is one hidden character. */
  hidden: boolean;
}

/** A text in pieces, its hidden characters by themselves. */
export function piecesOf(text: string): Piece[] {
  let from = 0;
  return text
    .split(HIDDEN)
    .map((piece, at): Piece => {
      const begin = from;
      from += piece.length;
      return { from: begin, text: piece, hidden: at % 2 === 1 };
    })
    .filter(({ text }) => text !== "");
}

/** A name as a person can tell it from any other: what is hidden in it stands as its number. */
export function visible(name: string): string {
  return name.includes("\t") || HIDDEN.test(name)
    ? piecesOf(name)
        .map(({ text, hidden }) => (hidden ? `‹${numberOf(text)}›` : text.replaceAll("\t", "‹U+0009›")))
        .join("")
    : name;
}

/** `U+202E`. */
export function numberOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
