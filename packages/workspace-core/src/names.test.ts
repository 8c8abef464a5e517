import fc from "fast-check";
import { expect, test } from "vitest";
import type { WsError } from "./errors.ts";
import { excerpt, NAME_PATTERN, parseName, suggestName } from "./names.ts";

test.each(["a", "demo", "a-b", "0", "a".repeat(63)])("'%s' is a name", (name) => {
  expect(parseName(name)).toBe(name);
});

test.each(["", "-a", "a-", "A", "a_b", "a.b", "a;id", "$(id)", "../x", "a\n", "a".repeat(64), "ä", "@host"])(
  "%j is refused with its code and a next step",
  (name) => {
    expect(() => parseName(name)).toThrow(expect.objectContaining({ code: "invalid_name", next: expect.any(String) }));
  },
);

test("a refused text is quoted without what could control a terminal, and cut between two characters", () => {
  const shown = excerpt(`\u001b[2J${"😀".repeat(100)}`);
  expect(shown).toBe(`\uFFFD[2J${"😀".repeat(76)}`);
});

test("a refused name's control characters do not reach the message", () => {
  const refused = (): unknown => {
    try {
      return parseName("a\u001b[31m\nb");
    } catch (error) {
      return error;
    }
  };
  expect((refused() as WsError).message).not.toMatch(/[\u0000-\u001f]/);
});

test("a suggestion is always a name, and a name is its own suggestion", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const suggestion = suggestName(text);
      expect(suggestion === undefined || NAME_PATTERN.test(suggestion)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.stringMatching(NAME_PATTERN), (name) => {
      expect(suggestName(name)).toBe(name);
    }),
  );
});
