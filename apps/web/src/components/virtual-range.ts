import { defaultRangeExtractor, type Range } from "@tanstack/react-virtual";
import { useCallback } from "react";

/** What is in sight of a list and, wherever it is scrolled to, the row that has the focus or that a screen reader is pointed at. */
export function useRangeWith(index: number): (range: Range) => number[] {
  return useCallback(
    (range: Range) => {
      const shown = defaultRangeExtractor(range);
      return index < 0 || shown.includes(index) ? shown : [...shown, index].sort((a, b) => a - b);
    },
    [index],
  );
}
