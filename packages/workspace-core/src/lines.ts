/**
 * The lines of a byte stream, without their ends; the last one also where no newline closes it. What is longer than
 * `longest` characters (default 8,192) comes in pieces: a line that never ends must not grow in memory.
 */
export async function* lines(
  source: AsyncIterable<Uint8Array>,
  options: { longest?: number } = {},
): AsyncGenerator<string, void> {
  const { longest = 8_192 } = options;
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of source) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) yield* pieces(part.replace(/\r$/, ""), longest);
    while (rest.length > longest) {
      yield rest.slice(0, longest);
      rest = rest.slice(longest);
    }
  }
  rest += decoder.decode();
  if (rest !== "") yield* pieces(rest, longest);
}

function* pieces(line: string, longest: number): Generator<string, void> {
  for (let at = 0; at === 0 || at < line.length; at += longest) yield line.slice(at, at + longest);
}
