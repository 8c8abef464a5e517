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
