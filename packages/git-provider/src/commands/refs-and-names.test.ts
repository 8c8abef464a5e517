import fc from "fast-check";
import { expect, test } from "vitest";
import { unquoted } from "./c-quoted.ts";
import { isRef } from "./ref-name.ts";
import { HOSTILE_REFS } from "../testing/hostile-refs.ts";

test.each([
  "main",
  "HEAD",
  "HEAD~1",
  "HEAD^",
  "v1.2^2~3",
  "origin/main",
  "refs/heads/main",
  "feature/ü",
  "0a1b2c3",
  "stash@{0}",
  "stash@{12}^1",
])("'%s' is one", (ref) => expect(isRef(ref)).toBe(true));

test.each(HOSTILE_REFS)("CVE-2025-68143: '%s' is none", (ref) => expect(isRef(ref)).toBe(false));

test("a name between quotes is read back to its letters", () => {
  expect(unquoted("plain name.txt")).toBe("plain name.txt");
  expect(unquoted('"nl\\nq\\"b\\\\t\\t\\303\\274\\001"')).toBe('nl\nq"b\\t\tü\u0001');
  expect(unquoted('"')).toBe('"');
  const quoted = (name: string): string =>
    `"${[...new TextEncoder().encode(name)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")}"`;
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => unquoted(quoted(name)) === name));
});
