import type { Drawing, PredictedScreen } from "../terminal-client/prediction/index.ts";
import { createPrediction } from "../terminal-client/prediction/index.ts";
import { manualTimers, type ManualTimers } from "./manual-timers.ts";

/** A screen that knows letters, CR, LF, backspace and the end of a line. */
function plainScreen(cols: number, rows: number) {
  let lines = Array.from({ length: rows }, () => Array<string>(cols).fill(" "));
  let row = 0;
  let col = 0;
  const drawings: Drawing[] = [];
  const feed = (): void => {
    if (row < rows - 1) row += 1;
    else lines = [...lines.slice(1), Array<string>(cols).fill(" ")];
  };
  const screen: PredictedScreen = {
    size: () => ({ cols, rows }),
    cursor: () => ({ row, col: Math.min(col, cols - 1) }),
    cell: (r, c) => lines[r]?.[c],
    isAlternate: () => false,
    draw: (drawing) => void drawings.push(drawing),
  };
  return {
    screen,
    drawings,
    text: () => lines.map((line) => line.join("").trimEnd()).join("\n"),
    write(text: string) {
      for (const char of text) {
        if (char === "\r") col = 0;
        else if (char === "\n") feed();
        else if (char === "\b") col = Math.max(0, col - 1);
        else {
          if (col === cols) {
            col = 0;
            feed();
          }
          (lines[row] as string[])[col] = char;
          col += 1;
        }
      }
    },
  };
}

interface Answer {
  print: string;
  echo: boolean;
}

/**
 * A program in a terminal, behind a link that takes `delay` each way: it echoes as a line discipline does, and each line that is
 * ended is told to `answer`, which says what is printed and whether the next line is echoed.
 */
export function echoingProgram(options: {
  timers: ManualTimers;
  delay: () => number;
  answer: (line: string) => Answer;
  /** What arrives of what it prints. */
  printed: (text: string) => void;
  /** What arrives of the acknowledgements. */
  taken: (offset: number) => void;
}) {
  const { timers, delay, answer, printed, taken } = options;
  let echo = true;
  let line = "";
  let sent = 0;
  const due = { up: 0, down: 0 };
  /** In order, as a link keeps it. */
  const carry = (way: "up" | "down", run: () => void): void => {
    due[way] = Math.max(due[way], timers.now() + delay());
    timers.after(due[way] - timers.now(), run);
  };
  const print = (text: string): void => carry("down", () => printed(text));
  const take = (data: string, end: number): void => {
    carry("down", () => taken(end));
    for (const char of data) {
      if (char === "\r") {
        const next = answer(line);
        line = "";
        print(`\r\n${next.print}`);
        echo = next.echo;
      } else if (char === "\u007f") {
        if (line === "") continue;
        line = line.slice(0, -1);
        if (echo) print("\b \b");
      } else {
        line += char;
        if (echo) print(char);
      }
    }
  };
  return {
    /** Text that the program prints of its own accord, after which it echoes or not. */
    interject(text: string, echoes: boolean) {
      print(text);
      echo = echoes;
      line = "";
    },
    /** Sends it, and says how much was sent so far. */
    type(data: string): number {
      sent += data.length;
      const end = sent;
      carry("up", () => take(data, end));
      return end;
    },
  };
}

/** The same with a screen before it, and what is foretold on that. */
export function echoingWorld(options: { delay: () => number; answer: (line: string) => Answer }) {
  const timers = manualTimers();
  const view = plainScreen(20, 5);
  const prediction = createPrediction({ screen: view.screen, timers });
  const program = echoingProgram({
    ...options,
    timers,
    printed(text) {
      view.write(text);
      prediction.changed();
    },
    taken: prediction.taken,
  });
  return {
    timers,
    view,
    prediction,
    interject: program.interject,
    type: (data: string) => prediction.typed(data, program.type(data)),
    drawn: () =>
      view.drawings
        .at(-1)
        ?.cells.map(({ text }) => text)
        .join("") ?? "",
    /** Each letter once. */
    everDrawn: () => [...new Set(view.drawings.flatMap(({ cells }) => cells.map(({ text }) => text)))].join(""),
  };
}
