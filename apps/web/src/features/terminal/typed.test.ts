import { expect, test } from "vitest";
import { encodeBinary, encodeText, withCtrl } from "./typed.ts";

test("A letter with the touch bar's Ctrl is its control character; anything else stays", () => {
  expect([withCtrl("c"), withCtrl("D"), withCtrl("["), withCtrl("1"), withCtrl("pasted")]).toEqual([
    "\u0003",
    "\u0004",
    "\u001b",
    "1",
    "pasted",
  ]);
});

test("Text goes as UTF-8, mouse reports byte by byte", () => {
  expect([...encodeText("é")]).toEqual([0xc3, 0xa9]);
  expect([...encodeBinary("\u00e9")]).toEqual([0xe9]);
});
