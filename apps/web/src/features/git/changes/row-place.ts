import type { CSSProperties, KeyboardEvent } from "react";

/** Where a row of the list stands, and whether Tab stops at it: at one of all rows. */
export interface RowPlace {
  index: number;
  tabbable: boolean;
  onFocus: () => void;
  /** Goes from row to row. */
  onKeyDown: (event: KeyboardEvent) => void;
  style: CSSProperties;
}
