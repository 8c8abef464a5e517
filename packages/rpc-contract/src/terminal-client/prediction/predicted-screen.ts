export interface Place {
  row: number;
  col: number;
}

export interface DrawnCell extends Place {
  text: string;
}

/** What is drawn over the real screen, as a whole: what was drawn before and is not in it goes. */
export interface Drawing {
  cells: readonly DrawnCell[];
  /** Where the cursor seems to be; absent where nothing is drawn. */
  cursor?: Place;
  /** The link is so slow that a reader should see what is only expected. */
  underlined: boolean;
}

/** The real screen, as far as all that came is painted; rows and columns count from 0. */
export interface PredictedScreen {
  size(): { cols: number; rows: number };
  cursor(): Place;
  /** The character of a cell, a space for an empty one; undefined where nothing may be drawn, such as on half of a wide one. */
  cell(row: number, col: number): string | undefined;
  isAlternate(): boolean;
  /** Over the screen, never into what it holds: a drawing has to go without a trace. */
  draw(drawing: Drawing): void;
}
