/**
 * A terminal's recording as the text of an asciicast file, version 2, in pieces of some lines; nothing where it is none. It comes
 * from a file that the workspace may have written: it ends with the first thing in it that is nothing of a recording.
 */
export async function* toAsciicast(source: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const bytes = createReader(source);
  const header = HEADER.exec((await bytes.line()) ?? "");
  if (header === null) return;
  const [, width, height, began = 0] = header.map(Number);
  // What a terminal gets in pieces it puts together, a character too.
  const decoder = new TextDecoder();
  let text = `${JSON.stringify({ version: 2, width, height, timestamp: Math.floor(began / 1_000), env: { TERM: "xterm-256color" } })}\n`;
  let last = 0;
  for (;;) {
    const line = (await bytes.line()) ?? "";
    const output = OUTPUT.exec(line);
    const size = SIZE.exec(line);
    const [, at, first, second] = (output ?? size ?? []).map(Number);
    if (at === undefined) break;
    // The clock may have been set, and sizes say their second only.
    last = Math.max(last, (at - began) / 1_000);
    if (size !== null) text += `${JSON.stringify([last, "r", `${first}x${second}`])}\n`;
    else {
      const piece = await bytes.take(first ?? 0);
      if (piece === undefined) break;
      const printed = decoder.decode(piece, { stream: true });
      if (printed !== "") text += `${JSON.stringify([last, "o", printed])}\n`;
    }
    if (text.length < PIECE) continue;
    yield text;
    text = "";
  }
  yield text;
}

const PIECE = 64 * 1024;
const HEADER = /^ws-recording 1 (\d{1,4}) (\d{1,4}) (\d{1,15})$/;
const OUTPUT = /^o (\d{1,15}) (\d{1,6})$/;
const SIZE = /^r (\d{1,15}) (\d{1,4}) (\d{1,4})$/;
const LONGEST_LINE = 64;

function createReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();

  async function more(): Promise<boolean> {
    const next = await chunks.next();
    if (next.done === true) return false;
    held = Buffer.concat([held, next.value]);
    return true;
  }

  return {
    async line(): Promise<string | undefined> {
      let end: number;
      while ((end = held.indexOf(0x0a)) === -1) if (held.length > LONGEST_LINE || !(await more())) return undefined;
      const line = Buffer.from(held.subarray(0, end)).toString("latin1");
      held = held.subarray(end + 1);
      return line;
    },
    async take(length: number): Promise<Uint8Array | undefined> {
      while (held.length < length) if (!(await more())) return undefined;
      const taken = held.subarray(0, length);
      held = held.subarray(length);
      return taken;
    },
  };
}
