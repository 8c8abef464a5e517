import { createPrediction, type Drawing, type PredictedScreen, type Prediction } from "@ws/rpc-contract/prediction";
import type { Timers } from "@ws/rpc-contract/terminal-client";
import headless from "@xterm/headless";

/** A terminal's output with what is typed shown in it before it comes back. */
export interface ForetoldOutput extends Prediction {
  /** The program's bytes, as they are. */
  write(bytes: Buffer, written: () => void): void;
  resized(size: Size): void;
}

interface Size {
  cols: number;
  rows: number;
}

/**
 * Follows what the user's terminal shows with one that nobody sees. What is foretold is printed behind the cursor, on its row only
 * and onto empty cells, and is wiped before the program's next bytes are written, so that no trace of it is left.
 */
export function createForetoldOutput(options: {
  size: Size;
  write: (bytes: Buffer, written: () => void) => void;
  timers: Timers;
}): ForetoldOutput {
  const { write, timers } = options;
  const terminal = new headless.Terminal({ ...options.size, scrollback: 0, allowProposedApi: true });
  let drawn: Drawing["cells"] = [];
  let isDrawn = false;
  /** Pieces that the user's terminal has and this one has not yet read. */
  let ahead = 0;
  /** Where the columns agree: nobody knows where the user's cursor was at first, and after another size, until a line begins. */
  let agrees = false;
  /** Whether letters are printed as they come: in no colour, and nothing else. */
  let isPlain = true;
  terminal.parser.registerCsiHandler({ final: "m" }, (params) => {
    isPlain = params.every((each) => each === 0);
    return false;
  });
  // What is restored may have a colour.
  const forget = (): boolean => (isPlain = false);
  terminal.parser.registerEscHandler({ final: "8" }, forget);
  terminal.parser.registerCsiHandler({ final: "u" }, forget);
  terminal.parser.registerCsiHandler({ prefix: "?", final: "l" }, (params) => params.some(restores) && forget());
  const cellOf = (row: number, col: number) => {
    const { active } = terminal.buffer;
    return active.getLine(active.baseY + row)?.getCell(col);
  };
  const screen: PredictedScreen = {
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    cursor: () => ({ row: terminal.buffer.active.cursorY, col: terminal.buffer.active.cursorX }),
    cell(row, col) {
      const cell = cellOf(row, col);
      const text = cell?.getChars() ?? "";
      if (cell?.getWidth() !== 1 || text.length > 1) return undefined;
      // An empty cell that is coloured could not be made what it was.
      return text === "" || text === " " ? (cell.isAttributeDefault() ? " " : undefined) : text;
    },
    isAlternate: () => terminal.buffer.active.type === "alternate",
    draw(drawing) {
      if (ahead > 0) return;
      wipe();
      const { cells, cursor, underlined } = drawing;
      const { cursorX, cursorY } = terminal.buffer.active;
      if (cursor === undefined || !agrees || !isPlain || cursor.row !== cursorY || terminal.modes.insertMode) return;
      // What is erased may have a colour, and stays until the program erases it.
      drawn = cells.filter(({ row, col }) => cellOf(row, col)?.getChars().trim() === "");
      isDrawn = drawn.length > 0 || cursor.col !== cursorX;
      const [on, off] = underlined ? ["\u001b[4m", "\u001b[24m"] : ["", ""];
      print(drawn.map(({ col, text }) => `${to(col)}${on}${text}${off}`).join("") + to(cursor.col));
    },
  };
  const prediction = createPrediction({ screen, timers });

  return {
    write(bytes, written) {
      wipe();
      ahead += 1;
      write(bytes, written);
      if (bytes.includes(0x0d)) agrees = true;
      terminal.write(bytes, () => {
        ahead -= 1;
        prediction.changed();
      });
    },
    // In order with the bytes before it.
    typed: (data, end) => terminal.write("", () => prediction.typed(data, end)),
    taken: (offset) => terminal.write("", () => prediction.taken(offset)),
    changed: prediction.changed,
    reset() {
      wipe();
      terminal.write("", prediction.reset);
    },
    resized({ cols, rows }) {
      wipe();
      agrees = false;
      terminal.resize(cols, rows);
      terminal.write("", prediction.reset);
    },
  };

  /** The cursor is where the program left it as long as nothing more was read, and nothing is drawn where more was. */
  function wipe(): void {
    if (!isDrawn) return;
    isDrawn = false;
    print(drawn.map(({ col }) => `${to(col)} `).join("") + to(terminal.buffer.active.cursorX));
    drawn = [];
  }

  function print(text: string): void {
    if (text !== "") write(Buffer.from(text), () => undefined);
  }
}

/** Whether the end of this mode brings back a cursor, and with it a colour. */
function restores(mode: number | number[]): boolean {
  return mode === 1048 || mode === 1049;
}

function to(col: number): string {
  return `\u001b[${col + 1}G`;
}
