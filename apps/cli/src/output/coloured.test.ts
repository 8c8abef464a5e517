import { expect, test } from "vitest";
import { coloured } from "./coloured.ts";

test("colours stay and end with their line; titles, the clipboard (OSC 52) and movements are taken out", () => {
  expect(coloured("\u001b[1;38;5;9mred\u001b[0m and \u001b[4mlined\nplain\n")).toBe(
    "\u001b[1;38;5;9mred\u001b[0m and \u001b[4mlined\u001b[0m\nplain\n",
  );
  expect(coloured("a\u001b]52;c;aGVsbG8=\u0007b\u001b[2J\u001b]0;title\u001b\\\u009b31mc\n")).toBe("abc\n");
});

test("no sequence comes of putting together what lay around a colour", () => {
  const left = coloured("\u001b\u001b[31m]52;c;aGVsbG8=\u0007\u001b\u001b[0m[2J\u001b[3\u001b[1m1H");
  expect(left.replaceAll(/\u001b\[[\d;:]*m/g, "")).not.toMatch(/\p{Cc}/u);
});

test("of a line that was rewritten in place the last form stays, also where it was coloured", () => {
  expect(coloured("\u001b[32m10 %\u001b[0m\r\u001b[32m20 %\u001b[0m\r\nnext\r\n")).toBe(
    "\u001b[32m20 %\u001b[0m\nnext\n",
  );
});
