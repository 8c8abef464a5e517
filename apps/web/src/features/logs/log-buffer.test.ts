import { expect, test } from "vitest";
import { createLogBuffer } from "./log-buffer.ts";

test("Text is kept line by line, however it was cut", () => {
  const buffer = createLogBuffer(100);
  for (const part of ["one\ntw", "o\nthr", "ee"]) buffer.append(part);
  expect(buffer.text()).toBe("one\ntwo\nthree");
});

test("Only the newest lines are kept, and it says that some are gone", () => {
  const buffer = createLogBuffer(2);
  buffer.append("1\n2\n");
  expect(buffer.dropped).toBe(false);
  buffer.append("3\n");
  expect(buffer.text()).toBe("2\n3\n");
  expect(buffer.dropped).toBe(true);
});

test("Colours, titles and clipboard writes leave no trace (row 8, OSC 52)", () => {
  const buffer = createLogBuffer(10);
  buffer.append("\u001b[1;31mred\u001b[0m \u001b]52;c;ZXZpbA==\u0007\u001b]0;title\u001b\\end\u0000\n");
  expect(buffer.text()).toBe("red end\n");
});

test("A line that was rewritten in place is its last form", () => {
  const buffer = createLogBuffer(10);
  buffer.append("10 %\r50 %\r100 %\r\ndone\r\n");
  expect(buffer.text()).toBe("100 %\ndone\n");
});

test("Where a line begins with the worker's instant, it is the reader's time, to the second", () => {
  const buffer = createLogBuffer(10);
  const at = new Date(2026, 2, 1, 14, 5, 9, 250);
  buffer.append(`${at.toISOString()}   post-start.sh\nbuilt at ${at.toISOString()} here\n`);
  expect(buffer.text()).toBe(`2026-03-01 14:05:09   post-start.sh\nbuilt at ${at.toISOString()} here\n`);
});

test.each(["2026-99-99T99:99:99.999Z", "2026-06-30T23:59:60.000Z"])(
  "A line that only looks like an instant, or has one that no clock here knows, stays as it is (%s)",
  (instant) => {
    const buffer = createLogBuffer(10);
    buffer.append(`${instant} whole\n${instant} begun`);
    expect(buffer.text()).toBe(`${instant} whole\n${instant} begun`);
  },
);
