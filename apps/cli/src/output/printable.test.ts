import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test("colours, titles and other controls of a terminal are taken out; lines and letters stay", () => {
  expect(printable("\u001b[91mno such part\u001b[0m\r\n\u001b]0;title\u0007déjà\u0000\u009b2J")).toBe(
    "no such part\ndéjà",
  );
});

test("nothing draws a text in another order than it was written, or breaks it; what joins letters stays", () => {
  expect(printable("a\u202egpj.exe\u202c \u2066b\u2069\u200f\u2028c\u2029 \u{1f468}\u200d\u{1f4bb}")).toBe(
    "agpj.exe bc \u{1f468}\u200d\u{1f4bb}",
  );
});

test("of a line that was rewritten in place the last form stays", () => {
  expect(printable("10 %\r50 %\r100 %\r\r\ndone\r\n\r\n2 %\r3 %")).toBe("100 %\ndone\n\n3 %");
});
