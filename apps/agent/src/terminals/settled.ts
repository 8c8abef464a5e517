/** Of a stretch of output, what has to be shown: all from `at` on, in these styles. */
export interface Settled {
  at: number;
  styles: Uint8Array;
  /** So much of the stretch is plain. */
  plain: number;
}

/**
 * Plain text, line ends and styles that scroll through everything a terminal keeps leave nothing of themselves but the
 * style. `at` is 0 where there is too little of that. It holds for a terminal that scrolls its whole screen, is in no
 * sequence, and keeps so many lines: those above its screen, and twice those on it, once until the cursor is at the
 * bottom, and once for the lines that were written over older ones on the way.
 */
export function settled(bytes: Uint8Array, lines: number): Settled {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  const other = text.search(OTHER);
  const plain = other === -1 ? text.length : other;
  const at = backBy(text, plain, lines);
  if (at <= 0) return { at: 0, styles: new Uint8Array(), plain };
  const gone = text.slice(0, at);
  const reset = Math.max(gone.lastIndexOf("\u001b[m"), gone.lastIndexOf("\u001b[0m"), 0);
  const styles = Buffer.from((gone.slice(reset).match(STYLE) ?? []).join(""), "latin1");
  return { at, styles, plain };
}

/** The carriage return before so many line feeds: after a bare line feed it would matter where the line before ended. */
function backBy(text: string, end: number, lines: number): number {
  let at = end;
  for (let count = 0; count < lines && at > 0; count += 1) at = text.lastIndexOf("\n", at - 1);
  return at <= 0 ? at : text.lastIndexOf("\r", at);
}

/* oxlint-disable no-control-regex -- control characters are what this is about */
const STYLE = /\x1b\[[\d;:]*m/g;
/** The first that is more than text: a control, also one written as a character, or a sequence. */
const OTHER = /[^\t\n\r\x1b\x20-\x7e\x80-\xff]|\x1b(?!\[[\d;:]*m)|\xc2[\x80-\x9f]/;
