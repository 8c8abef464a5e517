/** Puts the pieces of a byte stream together to its lines, without their ends. */
export interface LineCutter {
  /** Whether what was pushed ends with a line. */
  readonly isWhole: boolean;
  /** The lines that are whole with these bytes, and the pieces of one that is too long. */
  push(chunk: Uint8Array): string[];
  /** What comes next is not what follows: the present line is left out, up to its end. */
  jump(): void;
  /** The last line, which no newline closes; none where there is none. */
  end(): string[];
}

export interface LineOptions {
  /** In characters; 8,192 where absent. */
  longest?: number;
  /** What becomes of a longer one, which must not grow in memory: it comes in pieces where absent, before it has ended. */
  tooLong?: "pieces" | "left out";
}

/** The lines of a byte stream, without their ends; the last one also where no newline closes it. */
export async function* lines(
  source: AsyncIterable<Uint8Array>,
  options: LineOptions = {},
): AsyncGenerator<string, void> {
  const cutter = createLineCutter(options);
  for await (const chunk of source) yield* cutter.push(chunk);
  yield* cutter.end();
}

export function createLineCutter({ longest = 8_192, tooLong = "pieces" }: LineOptions = {}): LineCutter {
  const decoder = new TextDecoder();
  // Put together once at its end: a long line that comes in many small parts is not copied with each of them.
  let parts: string[] = [];
  let length = 0;
  let leftOut = false;
  /** Whether pieces of the present line were given already. */
  let inPieces = false;
  let isWhole = true;
  let found: string[] = [];

  function add(text: string): void {
    if (leftOut || text === "") return;
    parts.push(text);
    length += text.length;
    if (length <= longest) return;
    if (tooLong === "left out") return leaveOut();
    const all = parts.join("");
    const rest = Math.ceil(length / longest - 1) * longest;
    for (let at = 0; at < rest; at += longest) found.push(all.slice(at, at + longest));
    parts = [all.slice(rest)];
    length -= rest;
    inPieces = true;
  }

  function leaveOut(): void {
    parts = [];
    length = 0;
    leftOut = true;
  }

  function finish(): void {
    const line = parts.join("").replace(/\r$/, "");
    if (!leftOut && (line !== "" || !inPieces)) found.push(line);
    parts = [];
    length = 0;
    leftOut = false;
    inPieces = false;
  }

  function taken(): string[] {
    const all = found;
    found = [];
    return all;
  }

  return {
    get isWhole() {
      return isWhole;
    },
    push(chunk) {
      if (chunk.length > 0) isWhole = chunk.at(-1) === NEWLINE;
      const text = decoder.decode(chunk, { stream: true });
      let at = 0;
      for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", at)) {
        add(text.slice(at, end));
        finish();
        at = end + 1;
      }
      add(text.slice(at));
      return taken();
    },
    jump() {
      // With the beginning of a character that it may hold.
      decoder.decode();
      leaveOut();
    },
    end() {
      add(decoder.decode());
      if (length > 0) finish();
      return taken();
    },
  };
}

const NEWLINE = 10;
