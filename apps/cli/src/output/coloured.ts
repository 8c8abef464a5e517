import { printable } from "./printable.ts";

/** Text without what a terminal would obey except colours and styles, none of which reaches beyond its line. */
export function coloured(text: string): string {
  // Whatever lies between two colours is cleaned by itself, so that nothing else can come of putting them together.
  const cleaned = text.replace(/(\u001b\[[\d;:]*m)|[^\u001b]+|\u001b/g, (part, colour) => colour ?? printable(part));
  return cleaned.replace(/^.*\u001b\[.*$/gm, (line) => (line.endsWith(PLAIN) ? line : `${line}${PLAIN}`));
}

const PLAIN = "\u001b[0m";
