/** Puts the pieces of a byte stream together to its lines, without their ends. */
export interface LineCutter {
  /** Whether what was pushed ends with a line. */
  readonly isWhole: boolean;
  /** The lines that are whole with these bytes, and the pieces of one that is too long. */
  push(chunk: Uint8Array): string[];
  /** The last line, which no newline closes; none where there is none. */
  end(): string[];
}

/**
 * The lines of a byte stream, without their ends; the last one also where no newline closes it. What is longer than
 * `longest` characters (default 8,192) comes in pieces: a line that never ends must not grow in memory.
 */
export async function* lines(
  source: AsyncIterable<Uint8Array>,
  options: { longest?: number } = {},
): AsyncGenerator<string, void> {
  const cutter = createLineCutter(options);
  for await (const chunk of source) yield* cutter.push(chunk);
  yield* cutter.end();
}

export function createLineCutter({ longest = 8_192 }: { longest?: number } = {}): LineCutter {
  const decoder = new TextDecoder();
  let rest = "";
  let isWhole = true;
  return {
    get isWhole() {
      return isWhole;
    },
    push(chunk) {
      if (chunk.length > 0) isWhole = chunk.at(-1) === NEWLINE;
      const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      const found = parts.flatMap((part) => pieces(part.replace(/\r$/, ""), longest));
      while (rest.length > longest) {
        found.push(rest.slice(0, longest));
        rest = rest.slice(longest);
      }
      return found;
    },
    end() {
      const last = rest + decoder.decode();
      rest = "";
      return last === "" ? [] : pieces(last, longest);
    },
  };
}

const NEWLINE = 10;

function pieces(line: string, longest: number): string[] {
  if (line.length <= longest) return [line];
  return Array.from({ length: Math.ceil(line.length / longest) }, (_piece, index) =>
    line.slice(index * longest, (index + 1) * longest),
  );
}
