/** Beyond this a sequence is no longer carried on: no terminal believes in one that long. */
const LONGEST = 1024 * 1024;
const ESC = 0x1b;

/**
 * The end of a terminal's bytes that is no whole character or escape sequence yet. A screen that is painted there
 * needs it after the painting, because what follows goes on with it.
 */
export function unfinished(bytes: Uint8Array): Uint8Array {
  const escape = bytes.lastIndexOf(ESC);
  if (escape !== -1 && !isWhole(bytes.subarray(escape + 1))) {
    return bytes.length - escape > LONGEST ? new Uint8Array() : bytes.slice(escape);
  }
  return bytes.slice(bytes.length - partOfCharacter(bytes));
}

/** Whether a sequence is complete that begins with ESC and these bytes, which hold no other ESC. */
function isWhole(bytes: Uint8Array): boolean {
  const first = bytes[0];
  if (first === undefined) return false;
  if (first === 0x5b) return bytes.subarray(1).some((byte) => byte >= 0x40 || isCancelled(byte));
  // Strings, which end with BEL or with an ESC of their own.
  if (first === 0x5d) return bytes.includes(0x07) || bytes.some(isCancelled);
  if ([0x50, 0x58, 0x5e, 0x5f].includes(first)) return bytes.some(isCancelled);
  return bytes.some((byte) => byte >= 0x30 || isCancelled(byte));
}

function isCancelled(byte: number): boolean {
  return byte === 0x18 || byte === 0x1a;
}

/** How many bytes at the end are a character that has more; none where they can be no character of UTF-8. */
export function partOfCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < lengthOf(byte, bytes[bytes.length - back + 1]) ? back : 0;
  }
  return 0;
}

/** Of a character that begins so; 0 where none does. */
function lengthOf(first: number, second: number | undefined): number {
  const [least, most] = SECOND[first] ?? [0x80, 0xbf];
  if (first < 0xc2 || first > 0xf4 || (second !== undefined && (second < least || second > most))) return 0;
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

/** What may follow where not every continuation may: there are longer ways to write a character, which are refused. */
const SECOND: Readonly<Record<number, readonly [least: number, most: number]>> = {
  0xe0: [0xa0, 0xbf],
  0xed: [0x80, 0x9f],
  0xf0: [0x90, 0xbf],
  0xf4: [0x80, 0x8f],
};
