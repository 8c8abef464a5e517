import { createAnsiReader, type AnsiReader, type Styled } from "../../components/output/ansi.ts";

/** Where a line is from: what the worker did, the scripts that it ran, or what the workspace printed itself. */
export type LogSource = "startup" | "script" | "agent" | "output";

export interface LogLine {
  /** Counts up and is never given again, whatever is forgotten. */
  id: number;
  source: LogSource;
  /** Milliseconds since the epoch; the workspace's own output has none. */
  at?: number;
  parts: readonly Styled[];
  /** Its text without any colours. */
  text: string;
}

export interface LogLines {
  /** Some lines of one source; the last may go on. */
  append(text: string, source: LogSource): void;
  /** Everything is told anew. */
  clear(): void;
  /** Oldest first; another array once something came. */
  lines(): readonly LogLine[];
  /** Whether the beginning had to be forgotten. */
  readonly dropped: boolean;
}

/** Characters of a line that are kept: a page is no place for a bundle's one line. */
const LONGEST_LINE = 8_000;
const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) /;

/** The newest `most` lines of a log in colours; every other sequence is swallowed, and a line that was rewritten is its last form. */
export function createLogLines(most: number): LogLines {
  let all: LogLine[] = [];
  let open = new Map<LogSource, { reader: AnsiReader; parts: Styled[] }>();
  let dropped = false;
  let last = 0;

  function close(source: LogSource, parts: readonly Styled[]): void {
    all.push({ id: (last += 1), source, ...lineOf(parts, source) });
  }

  return {
    append(text, source) {
      const mine = open.get(source) ?? { reader: createAnsiReader(), parts: [] };
      open.set(source, mine);
      all = all.slice();
      for (const part of mine.reader.read(text)) {
        if (part === "newline") {
          close(source, mine.parts);
          mine.parts = [];
        } else if (part === "return") mine.parts = [];
        else mine.parts.push(part);
      }
      if (all.length <= most) return;
      all = all.slice(-most);
      dropped = true;
    },
    clear() {
      all = [];
      open = new Map();
      dropped = false;
    },
    lines: () => all,
    get dropped() {
      return dropped;
    },
  };
}

/** The worker writes before each line of its own when that was; a program may print what only looks so, or what no clock shows. */
function lineOf(parts: readonly Styled[], source: LogSource): Pick<LogLine, "at" | "parts" | "text"> {
  const whole = parts.map(({ text }) => text).join("");
  const [instant = "", written = ""] = source === "output" ? [] : (INSTANT.exec(whole) ?? []);
  const at = instant === "" ? Number.NaN : Date.parse(written);
  const from = Number.isNaN(at) ? 0 : instant.length;
  const text = whole.slice(from, from + LONGEST_LINE);
  const cut = whole.length - from > LONGEST_LINE ? " …" : "";
  return {
    ...(Number.isNaN(at) ? {} : { at }),
    parts: [...within(parts, from, from + LONGEST_LINE), ...(cut === "" ? [] : [{ text: cut, style: {} }])],
    text,
  };
}

/** What of a line lies between two of its characters. */
export function within(parts: readonly Styled[], from: number, to: number): Styled[] {
  const found: Styled[] = [];
  let at = 0;
  for (const { text, style } of parts) {
    const piece = text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (piece !== "") found.push({ text: piece, style });
    at += text.length;
    if (at >= to) break;
  }
  return found;
}
