import { expect, test } from "vitest";
import { createLogLines, type LogLine } from "./log-lines.ts";
import { found, marked, nextHit, ofSource } from "./log-search.ts";

const said = (lines: readonly LogLine[]) => lines.map(({ text }) => text);

test("Text is kept line by line, however it was cut, and each source by itself", () => {
  const log = createLogLines(100);
  log.append("one\ntw", "output");
  log.append("aside\n", "script");
  log.append("o\n", "output");
  expect(log.lines().map(({ source, text }) => `${source}: ${text}`)).toEqual([
    "output: one",
    "script: aside",
    "output: two",
  ]);
});

test("Only the newest lines are kept, and it says that some are gone; a line keeps its id", () => {
  const log = createLogLines(2);
  log.append("1\n2\n", "output");
  const id = log.lines()[1]?.id;
  expect(log.dropped).toBe(false);
  log.append("3\n", "output");
  expect([said(log.lines()), log.dropped, log.lines()[0]?.id]).toEqual([["2", "3"], true, id]);
});

test("Colours are kept; titles and clipboard writes leave no trace (row 8, OSC 52)", () => {
  const log = createLogLines(10);
  log.append("\u001b[1;31mred\u001b[0m \u001b]52;c;ZXZpbA==\u0007\u001b]0;title\u001b\\end\u0000\n", "output");
  expect(said(log.lines())).toEqual(["red end"]);
  expect(log.lines()[0]?.parts[0]).toEqual({ text: "red", style: { bold: true, ink: { index: 1 } } });
});

test("A line that was rewritten in place is its last form", () => {
  const log = createLogLines(10);
  log.append("10 %\r50 %\r100 %\r\ndone\r\n", "script");
  expect(said(log.lines())).toEqual(["100 %", "done"]);
});

test("Before a line of the worker's own stands when it was; what a program prints of that form is its text", () => {
  const log = createLogLines(10);
  const instant = "2026-03-01T14:05:09.250Z";
  log.append(`${instant} \u001b[1mbuilt\u001b[0m\n`, "script");
  log.append(`${instant} printed\n`, "output");
  log.append("2026-99-99T99:99:99.999Z odd\n", "startup");
  expect(log.lines().map(({ at, text }) => [at, text])).toEqual([
    [Date.parse(instant), "built"],
    [undefined, `${instant} printed`],
    [undefined, "2026-99-99T99:99:99.999Z odd"],
  ]);
});

test("A line without end is cut, and says so", () => {
  const log = createLogLines(10);
  log.append(`${"x".repeat(100_000)}\n`, "output");
  expect(log.lines()[0]?.text).toHaveLength(8_000);
  expect(log.lines()[0]?.parts.at(-1)?.text).toBe(" …");
});

test("What the worker did at a start and beside it is one kind", () => {
  const log = createLogLines(10);
  for (const source of ["startup", "agent", "script", "output"] as const) log.append(`${source}\n`, source);
  expect(said(ofSource(log.lines(), "startup"))).toEqual(["startup", "agent"]);
  expect(said(ofSource(log.lines(), "output"))).toEqual(["output"]);
  expect(ofSource(log.lines(), "all")).toHaveLength(4);
});

test("What is searched is found in either case, also across colours, and marked there", () => {
  const log = createLogLines(10);
  log.append("Warn\u001b[31ming: war\u001b[0m\nfine\n", "output");
  const [first] = log.lines();
  expect(found(log.lines(), "warnING")).toEqual([0]);
  expect(found(log.lines(), "")).toEqual([]);
  expect(first && marked(first, "war").map(({ text, hit }) => [text, hit])).toEqual([
    ["War", true],
    ["n", false],
    ["ing: ", false],
    ["war", true],
  ]);
});

test("The next hit of the last is the first, and the one before the first the last", () => {
  const hits = [2, 5, 9];
  expect([nextHit(hits, undefined, 1), nextHit(hits, 5, 1), nextHit(hits, 9, 1)]).toEqual([2, 9, 2]);
  expect([nextHit(hits, undefined, -1), nextHit(hits, 5, -1), nextHit(hits, 2, -1)]).toEqual([9, 2, 9]);
  expect(nextHit([], 3, 1)).toBeUndefined();
});
