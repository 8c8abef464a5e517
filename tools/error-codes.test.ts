import { expect, test } from "vitest";
import { compareCodes } from "./error-codes.mjs";

test("docs/errors.md names each code, with its status and exit code; if not, run: node --conditions=source tools/error-codes.mjs && oxfmt docs/errors.md", () => {
  const { written, said } = compareCodes();
  expect(written.map((row) => row.replaceAll(/ +/g, " "))).toEqual(said);
});
