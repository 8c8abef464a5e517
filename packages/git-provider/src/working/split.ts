export interface Splitter {
  write(bytes: Uint8Array): void;
  /** What was begun and not ended is a last record. */
  end(): void;
}

/**
 * Parts a stream of bytes at a separator, without keeping more than one record: of one that is longer than `longest` characters only the beginning is
 * kept, and told as cut. What is no UTF-8 becomes U+FFFD.
 */
export function createSplitter(
  separator: "\0" | "\n",
  longest: number,
  onRecord: (text: string, cut: boolean) => void,
): Splitter {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let begun = "";
  let cut = false;

  function take(text: string): void {
    let from = 0;
    for (let at = text.indexOf(separator); at !== -1; at = text.indexOf(separator, from)) {
      keep(text.slice(from, at));
      onRecord(begun, cut);
      begun = "";
      cut = false;
      from = at + 1;
    }
    keep(text.slice(from));
  }

  function keep(text: string): void {
    const room = longest - begun.length;
    if (text.length > room) cut = true;
    begun += beginningOf(text, room);
  }

  return {
    write: (bytes) => take(decoder.decode(bytes, { stream: true })),
    end() {
      take(decoder.decode());
      if (begun !== "" || cut) onRecord(begun, cut);
    },
  };
}

/** The first so many UTF-16 units, never half of a character. */
export function beginningOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const high = text.charCodeAt(length - 1);
  return text.slice(0, high >= 0xd800 && high < 0xdc00 ? length - 1 : length);
}
