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
  const plain = plainLength(bytes);
  const at = backBy(bytes, plain, lines);
  if (at <= 0) return { at: 0, styles: new Uint8Array(), plain };
  return { at, styles: stylesOf(Buffer.from(bytes.buffer, bytes.byteOffset, at)), plain };
}

const [TAB, LF, CR, ESC, CSI, LAST_PARAM, STYLE, DEL, CONTROLS] = [9, 10, 13, 0x1b, 0x5b, 0x3b, 0x6d, 0x7f, 0xc2];
const TEXT = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number((byte >= 0x20 && byte !== DEL && byte !== CONTROLS) || byte === TAB || byte === LF || byte === CR),
);

/** Not by a pattern: a text of a megabyte for each look makes the memory's tidying dearer than the looking. */
function plainLength(bytes: Uint8Array): number {
  const before = -bytes.byteOffset & 3;
  const count = Math.max(0, bytes.length - before) >> 2;
  const words = new Int32Array(bytes.buffer, count === 0 ? 0 : bytes.byteOffset + before, count);
  for (let at = 0; ;) {
    if (((at - before) & 3) === 0) at = before + 4 * afterPrinted(words, (at - before) >> 2);
    const aligned = Math.min(at + 4 - ((at - before) & 3), bytes.length);
    while (at < aligned && TEXT[bytes[at] as number] === 1) at += 1;
    if (at === bytes.length) return at;
    if (at === aligned) continue;
    const next = afterStyle(bytes, at) ?? afterCharacter(bytes, at);
    if (next === undefined) return at;
    at = next;
  }
}

/** The first word that is not four printable characters of ASCII: most of what is printed is looked at in fours. */
function afterPrinted(words: Int32Array, from: number): number {
  for (let at = from; at < words.length; at += 1) {
    const four = words[at] as number;
    // The high bit of a byte is set by one below a space, by a DEL, and by one that has it.
    if ((((four - 0x20202020) | ((four ^ 0x7f7f7f7f) - 0x01010101) | four) & 0x80808080) !== 0) return at;
  }
  return words.length;
}

function afterStyle(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] !== ESC || bytes[at + 1] !== CSI) return undefined;
  let end = at + 2;
  for (let byte = bytes[end] ?? 0; byte >= 0x30 && byte <= LAST_PARAM; byte = bytes[end] ?? 0) end += 1;
  return bytes[end] === STYLE ? end + 1 : undefined;
}

/** A character of two bytes, where it is none of the controls that begin like it. */
function afterCharacter(bytes: Uint8Array, at: number): number | undefined {
  const second = bytes[at + 1];
  return bytes[at] === CONTROLS && second !== undefined && (second < 0x80 || second >= 0xa0) ? at + 1 : undefined;
}

/** The carriage return before so many line feeds: after a bare line feed it would matter where the line before ended. */
function backBy(bytes: Uint8Array, end: number, lines: number): number {
  let at = end;
  for (let count = 0; count < lines && at > 0; count += 1) at = bytes.lastIndexOf(LF, at - 1);
  return at <= 0 ? at : bytes.lastIndexOf(CR, at);
}

/** All since the last that takes back what was before. */
function stylesOf(plain: Buffer): Buffer {
  const first = plain.indexOf(ESC);
  if (first === -1) return Buffer.alloc(0);
  const from = Math.max(first, plain.lastIndexOf("\u001b[m"), plain.lastIndexOf("\u001b[0m"));
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return Buffer.from((plain.toString("latin1", from).match(/\x1b\[[\d;:]*m/g) ?? []).join(""), "latin1");
}
