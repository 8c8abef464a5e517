import stringWidth from "string-width";

/** What fits into so many columns of a terminal, with an ellipsis where that is not all. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  let left = width - 1;
  // Never through the middle of what is one character on the screen.
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    left -= stringWidth(segment);
    if (left < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}
