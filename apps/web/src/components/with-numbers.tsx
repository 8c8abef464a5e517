import type { ReactNode } from "react";
import { numberOf, piecesOf } from "./visible.ts";

/** What is hidden in a text may make it read as another, so it stands there as its number. */
export function withNumbers(text: string): ReactNode {
  const pieces = piecesOf(text);
  if (pieces.every(({ hidden }) => !hidden)) return text;
  return pieces.map(({ from, text: piece, hidden }) =>
    // A line's end is there to be seen.
    hidden && piece !== "\n" ? (
      <span key={from} className="mx-0.5 rounded bg-warn-soft px-1 text-warn" title="A character that is not seen">
        {numberOf(piece)}
      </span>
    ) : (
      <bdi key={from}>{piece}</bdi>
    ),
  );
}
