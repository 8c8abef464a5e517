import { systemTimers, type Timers } from "../../timers.ts";
import { keysOf, type Key } from "./keys.ts";
import type { PredictedScreen } from "./predicted-screen.ts";
import { createRoundTrip } from "./round-trip.ts";

/** Shows what is typed before the program has answered, where the link is slow and the program has echoed until now. */
export interface Prediction {
  /** This was typed; `end` is the offset of the input behind it. */
  typed(data: string, end: number): void;
  /** The terminal has the input up to this offset. */
  taken(offset: number): void;
  /** More of the program's output is painted. */
  changed(): void;
  /** Nothing is expected any longer, such as after the loss of the link. */
  reset(): void;
}

/** What a key makes of the screen, once the program has answered it. */
interface Expected {
  /** The cell that it changes, and to what. */
  cell?: { col: number; text: string };
  /** Where the cursor is after it. */
  col: number;
  end: number;
  /** When the terminal had it. */
  takenAt?: number;
}

/** Where the cursor was when all that was foretold had come, and the row up to it: elsewhere nothing that is expected means anything. */
interface Ground {
  row: number;
  col: number;
  text: string;
  cols: number;
  rows: number;
  alternate: boolean;
}

/** Above this a person sees the delay; it stays on until it is well below. */
const SLOW_MS = 30;
const QUICK_MS = 20;
/** Above this a reader should see what is only expected. */
const UNDERLINED_MS = 80;
/** A program that has a key answers it by then, or otherwise than was expected. */
const ANSWERED_MS = 250;
/** What hides a password behind a sign for each letter takes no letter for that. */
const PROOF = /[\p{L}\p{N}]/u;
/** Letters that are remembered without a place. */
const MOST = 64;
/** The cursor rests by then, after a key whose effect nobody knows. */
const RESTS_MS = 30;

/**
 * By the rules of mosh: keys are foretold in epochs, and nothing of an epoch is shown before one of its keys was seen echoed.
 * A new one begins with each key whose effect nobody knows, such as Enter, each expectation that failed, and each cursor that is
 * not where it was left. So what is not echoed, as a password is not, is not shown.
 */
export function createPrediction(options: { screen: PredictedScreen; timers?: Timers }): Prediction {
  const { screen, timers = systemTimers } = options;
  const roundTrip = createRoundTrip(timers.now);
  let expected: Expected[] = [];
  let ground: Ground | undefined;
  /** The part of the row that was typed in this epoch: what stands before it is not the typist's to erase. */
  let own = { from: 0, to: 0 };
  let isProven = false;
  let typedTo = 0;
  let takenTo = 0;
  /** Up to here was typed what nobody foretold, and when the terminal had it. */
  let unknown: { end: number; takenAt?: number } = { end: 0, takenAt: -Infinity };
  /** Letters behind that, whose places are known once the cursor rests. */
  let floating: { text: string; end: number }[] = [];
  let takenAt = -Infinity;
  let isSlow = false;
  let isDrawn = false;
  let cancelLook: (() => void) | undefined;

  return {
    typed(data, end) {
      typedTo = end;
      roundTrip.typed(end);
      if (!keysOf(data).every((key) => foretell(key, end))) giveUp();
      show();
    },
    taken(offset) {
      const now = (takenAt = timers.now());
      takenTo = Math.max(takenTo, offset);
      if (takenTo >= unknown.end) unknown.takenAt ??= now;
      for (const one of expected) if (one.end <= takenTo) one.takenAt ??= now;
      roundTrip.taken(offset);
      compare();
    },
    changed: compare,
    reset() {
      roundTrip.reset();
      giveUp();
      show();
    },
  };

  /** False where nobody can know what comes of it. */
  function foretell(key: Key, end: number): boolean {
    if (key.kind === "unknown") return false;
    if (expected.length === 0 && !rests()) {
      if (key.kind === "text") floating.push({ text: key.text, end });
      return key.kind === "text" && floating.length < MOST;
    }
    if (!stands()) return false;
    if (!floating.splice(0).every((one) => one.end <= takenTo || write(one.text, one.end))) return false;
    const col = expected.at(-1)?.col ?? screen.cursor().col;
    if (key.kind === "move") {
      if (col + key.by < own.from || col + key.by > own.to) return false;
      expected.push({ col: col + key.by, end });
    } else if (key.kind === "erase") {
      if (col <= own.from || col !== own.to) return false;
      own.to = col - 1;
      expected.push({ cell: { col: col - 1, text: " " }, col: col - 1, end });
    } else return write(key.text, end);
    return true;
  }

  function write(text: string, end: number): boolean {
    const col = expected.at(-1)?.col ?? screen.cursor().col;
    // Behind the last column a line goes on somewhere, and a letter may be pushed aside.
    if (col >= screen.size().cols - 1 || textAt(col) !== " ") return false;
    own.to = Math.max(own.to, col + 1);
    expected.push({ cell: { col, text }, col: col + 1, end });
    return true;
  }

  /** Whether the cursor is where it will be once all that the terminal has is answered. */
  function rests(): boolean {
    if (unknown.takenAt === undefined) return false;
    return timers.now() - (floating.length === 0 ? unknown.takenAt : takenAt) >= RESTS_MS;
  }

  /** Whether the screen, with what is expected, is all that comes of what was typed; takes ground where there is none. */
  function stands(): boolean {
    if (expected.length > 0) return answered() !== undefined;
    const here = look();
    if (ground === undefined || !isSame(ground, here) || ground.col !== here.col || ground.text !== here.text) {
      // Somebody else wrote, and may have asked for a password.
      isProven = false;
      own = { from: here.col, to: here.col };
      ground = here;
    }
    return true;
  }

  /** How many of the expected keys the screen shows, the most that it can be; undefined where it shows something else. */
  function answered(): number | undefined {
    if (ground === undefined) return undefined;
    const { row, col } = screen.cursor();
    if (!isSame(ground, look())) return undefined;
    for (let count = expected.length; count > 0; count -= 1) {
      if (expected[count - 1]?.col !== col) continue;
      if ([...cellsOf(count)].every(([at, text]) => screen.cell(row, at) === text)) return count;
    }
    return col === ground.col ? 0 : undefined;
  }

  function compare(): void {
    const count = expected.length === 0 ? 0 : answered();
    if (count !== undefined && count > 0) {
      if ([...cellsOf(count).values()].some((text) => PROOF.test(text))) isProven = true;
      expected = expected.slice(count);
      ground = look();
    }
    cancelLook?.();
    cancelLook = undefined;
    const [first] = expected;
    if (first !== undefined && ground !== undefined && !isSame(ground, look())) giveUp();
    else if (first?.takenAt !== undefined) {
      const left = first.takenAt + ANSWERED_MS - timers.now();
      if (left <= 0) giveUp();
      else cancelLook = timers.after(left, compare);
    }
    show();
  }

  function giveUp(): void {
    expected = [];
    floating = [];
    ground = undefined;
    isProven = false;
    unknown = takenTo >= typedTo ? { end: typedTo, takenAt: timers.now() } : { end: typedTo };
  }

  function show(): void {
    const ms = roundTrip.ms() ?? 0;
    isSlow = ms > (isSlow ? QUICK_MS : SLOW_MS);
    const last = expected.at(-1);
    const shows = isSlow && isProven && last !== undefined && ground !== undefined && answered() !== undefined;
    if (!shows && !isDrawn) return;
    isDrawn = shows;
    if (!shows) return screen.draw({ cells: [], underlined: false });
    const { row } = ground as Ground;
    const cells = [...cellsOf(expected.length)]
      .filter(([col, text]) => screen.cell(row, col) !== text)
      .map(([col, text]) => ({ row, col, text }));
    screen.draw({ cells, cursor: { row, col: last.col }, underlined: ms > UNDERLINED_MS });
  }

  function cellsOf(count: number): Map<number, string> {
    const cells = expected.slice(0, count).flatMap(({ cell }) => (cell === undefined ? [] : [cell]));
    return new Map(cells.map(({ col, text }) => [col, text]));
  }

  function textAt(col: number): string | undefined {
    return cellsOf(expected.length).get(col) ?? screen.cell(ground?.row ?? 0, col);
  }

  function look(): Ground {
    const { row, col } = screen.cursor();
    const text = Array.from({ length: col }, (_, at) => screen.cell(row, at) ?? "").join("");
    return { row, col, text, ...screen.size(), alternate: screen.isAlternate() };
  }
}

function isSame(a: Ground, b: Ground): boolean {
  return a.row === b.row && a.cols === b.cols && a.rows === b.rows && a.alternate === b.alternate;
}
