import { createAnsiReader, type Styled } from "./ansi.ts";

export type OutputLine =
  | { kind: "text"; parts: readonly Styled[]; /** How many characters of it are left out. */ cut: number }
  | { kind: "gap"; bytes: number }
  | { kind: "attempt"; attempt: number };

export interface Output {
  /** The last one may go on. Only ever replaced, never changed. */
  lines: readonly OutputLine[];
  /** Whether the beginning had to be forgotten. */
  dropped: boolean;
}

export interface OutputLines {
  /** A piece of what an attempt said, `offset` bytes after its beginning; `end` is where the next one goes on. */
  add(piece: { attempt: number; offset: number; end: number; text: string }): void;
  output(): Output;
}

/** Characters of a line that are kept: a page is no place for a bundle's one line. */
const LONGEST_LINE = 4_000;

/** What a task said as lines in colours, the newest `most` characters of it. */
export function createOutputLines(most: number): OutputLines {
  let reader = createAnsiReader();
  const lines: OutputLine[] = [];
  let open = newLine();
  let kept = 0;
  let first = 0;
  let attempt: number | undefined;
  let end = 0;
  return {
    add(piece) {
      if (piece.attempt !== attempt) begin(piece.attempt);
      if (piece.offset > end) gap(piece.offset - end);
      // What was told already, as after a connection that was lost.
      if (piece.end <= end && piece.offset < end) return;
      end = piece.end;
      for (const part of reader.read(piece.text)) {
        if (part === "newline") close();
        else if (part === "return") open = newLine();
        else write(part);
      }
      forget();
    },
    output: () => ({
      lines: [...lines.slice(first), ...(open.length === 0 ? [] : [shown(open)])],
      dropped: first > 0,
    }),
  };

  function begin(next: number): void {
    if (open.length > 0) close();
    if (attempt !== undefined || next > 1) lines.push({ kind: "attempt", attempt: next });
    reader = createAnsiReader();
    attempt = next;
    end = 0;
  }

  function gap(bytes: number): void {
    if (open.length > 0) close();
    lines.push({ kind: "gap", bytes });
    reader = createAnsiReader();
  }

  function write({ text, style }: Styled): void {
    const room = Math.max(0, LONGEST_LINE - open.length);
    const taken = text.slice(0, room);
    open.length += taken.length;
    open.cut += text.length - taken.length;
    if (taken === "") return;
    const last = open.parts.at(-1);
    if (last !== undefined && last.style === style) last.text += taken;
    else open.parts.push({ text: taken, style });
  }

  function close(): void {
    lines.push(shown(open));
    kept += open.length + 1;
    open = newLine();
  }

  function forget(): void {
    while (kept > most && first < lines.length) {
      const line = lines[first];
      kept -= line?.kind === "text" ? lengthOf(line.parts) + 1 : 0;
      first += 1;
    }
    if (first <= 10_000) return;
    lines.splice(0, first - 1);
    first = 1;
  }
}

interface OpenLine {
  parts: Styled[];
  length: number;
  cut: number;
}

function newLine(): OpenLine {
  return { parts: [], length: 0, cut: 0 };
}

function shown({ parts, cut }: OpenLine): OutputLine {
  return { kind: "text", parts: parts.map((part) => ({ ...part })), cut };
}

function lengthOf(parts: readonly Styled[]): number {
  return parts.reduce((sum, { text }) => sum + text.length, 0);
}
