import { lastForms, printable } from "./printable.ts";

/** Text without what a terminal would obey except colours and styles, none of which reaches beyond its line. */
export function coloured(text: string): string {
  // What lies between two colours is cleaned by itself, so that nothing new comes of putting the parts together.
  const parts = lastForms(text).split(/(\u001b\[[\d;:]*m)/);
  const cleaned = parts.map((part, index) => (index % 2 === 1 ? part : printable(part))).join("");
  return cleaned.replace(/^.*\u001b\[.*$/gm, (line) => (line.endsWith(PLAIN) ? line : `${line}${PLAIN}`));
}

const PLAIN = "\u001b[0m";
