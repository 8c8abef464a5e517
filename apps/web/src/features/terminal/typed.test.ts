import { expect, test } from "vitest";
import { encodeBinary, encodeText } from "./typed.ts";

test("Text goes as UTF-8, mouse reports byte by byte", () => {
  expect([...encodeText("é")]).toEqual([0xc3, 0xa9]);
  expect([...encodeBinary("\u00e9")]).toEqual([0xe9]);
});
