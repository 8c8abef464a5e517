import { expect, test } from "vitest";
import { createOutputLines, type OutputLine } from "./output-lines.ts";

/** Pieces one after another, as the agent sends them. */
function feeder(most = 1_000_000) {
  const lines = createOutputLines(most);
  let end = 0;
  const shown = (line: OutputLine) =>
    line.kind === "text" ? line.parts.map(({ text }) => text).join("") + (line.cut > 0 ? `+${line.cut}` : "") : line;
  return {
    lines,
    say(text: string, attempt = 1) {
      const offset = end;
      end += new TextEncoder().encode(text).length;
      lines.add({ attempt, offset, end, text });
    },
    jump: (bytes: number) => void (end += bytes),
    restart: () => void (end = 0),
    texts: () => lines.output().lines.map(shown),
  };
}

test("Pieces become lines, and the last one may go on", () => {
  const { say, texts } = feeder();
  say("one\ntw");
  expect(texts()).toEqual(["one", "tw"]);
  say("o\n");
  expect(texts()).toEqual(["one", "two"]);
});

test("Of a line that is rewritten in place, what was last written is shown", () => {
  const { say, texts } = feeder();
  say("10 %\r50 %");
  say("\r100 %\nover\n");
  expect(texts()).toEqual(["100 %", "over"]);
});

test("What was not kept stands as its count where it is missing, and each further attempt begins with its number", () => {
  const { say, jump, restart, texts } = feeder();
  say("one\n");
  jump(123);
  say("two\n");
  restart();
  say("three\n", 2);
  expect(texts()).toEqual(["one", { kind: "gap", bytes: 123 }, "two", { kind: "attempt", attempt: 2 }, "three"]);
});

test("What is sent again after a lost connection is shown once", () => {
  const { lines, texts } = feeder();
  lines.add({ attempt: 1, offset: 0, end: 4, text: "one\n" });
  lines.add({ attempt: 1, offset: 0, end: 4, text: "one\n" });
  lines.add({ attempt: 1, offset: 4, end: 8, text: "two\n" });
  expect(texts()).toEqual(["one", "two"]);
});

test("Of a line of 1 MiB the beginning is kept, and how much more there is", () => {
  const { say, texts } = feeder();
  for (let piece = 0; piece < 16; piece += 1) say("x".repeat(65_536));
  say("\nnext\n");
  expect(texts()).toEqual([`${"x".repeat(4_000)}+${1_048_576 - 4_000}`, "next"]);
});

test("Of much output the newest is kept, and that there was more is known", () => {
  const { lines, say } = feeder(10_000);
  for (let line = 0; line < 50_000; line += 1) say(`line ${line}\n`);
  const { lines: kept, dropped } = lines.output();
  expect(dropped).toBe(true);
  expect(kept.length).toBeLessThan(1_200);
  expect(kept.at(-1)).toMatchObject({ parts: [{ text: "line 49999" }] });
});
