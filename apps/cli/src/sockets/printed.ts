import type { IBufferCell } from "@xterm/headless";

/** The last of what a program printed, from which a row of the user's terminal can be printed again. */
export interface Printed {
  saw(bytes: Buffer): void;
  /** What prints the cursor's row as the program left it, with the cursor where it was. */
  row(size: { cols: number; rows: number }): Promise<string>;
}

/** A prompt and the line that is typed after it are a part of it. */
const KEPT = 64 * 1024;

export function createPrinted(): Printed {
  let pieces: Buffer[] = [];
  let length = 0;
  return {
    saw(bytes) {
      pieces.push(bytes);
      length += bytes.length;
      while (length - (pieces[0]?.length ?? 0) >= KEPT) length -= pieces.shift()?.length ?? 0;
    },
    async row(size) {
      const bytes = Buffer.concat(pieces).subarray(-KEPT);
      pieces = [bytes];
      length = bytes.length;
      const { default: headless } = await import("@xterm/headless");
      const terminal = new headless.Terminal({ ...size, scrollback: 0, allowProposedApi: true });
      await new Promise<void>((resolve) => terminal.write(bytes, resolve));
      const { active } = terminal.buffer;
      const line = active.getLine(active.baseY + active.cursorY);
      let text = "";
      let style = "";
      let end = 0;
      for (let col = 0; col < terminal.cols; col += 1) {
        const cell = line?.getCell(col);
        if (cell === undefined || cell.getWidth() === 0) continue;
        const own = styleOf(cell);
        if (own !== style) text += `\u001b[0${(style = own)}m`;
        text += cell.getChars() === "" ? " " : cell.getChars();
        if (cell.getChars().trim() !== "" || own !== "") end = text.length;
      }
      const column = active.cursorX + 1;
      terminal.dispose();
      return `${ERASED}${text.slice(0, end)}\u001b[0m\u001b[${column}G`;
    },
  };
}

/** The cursor's row with nothing on it. */
export const ERASED = "\r\u001b[2K";

function styleOf(cell: IBufferCell): string {
  const flags = [
    [cell.isBold(), 1],
    [cell.isDim(), 2],
    [cell.isItalic(), 3],
    [cell.isUnderline(), 4],
    [cell.isInverse(), 7],
  ] as const;
  const codes = flags.flatMap(([is, code]) => (is === 0 ? [] : [String(code)]));
  if (!cell.isFgDefault()) codes.push(colourOf(38, cell.isFgRGB(), cell.getFgColor()));
  if (!cell.isBgDefault()) codes.push(colourOf(48, cell.isBgRGB(), cell.getBgColor()));
  return codes.map((code) => `;${code}`).join("");
}

function colourOf(which: 38 | 48, isRgb: boolean, colour: number): string {
  // As most programs say the first sixteen: some terminals show these brighter where they are bold.
  if (!isRgb && colour < 16) return String(which - 8 + (colour < 8 ? colour : colour + 52));
  if (!isRgb) return `${which};5;${colour}`;
  return `${which};2;${(colour >> 16) & 255};${(colour >> 8) & 255};${colour & 255}`;
}
