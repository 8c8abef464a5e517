import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findSyntaxError, locate } from "./json-position.ts";

describe("the place of a syntax error", () => {
  test.each([
    ['{\n  "port": 7391,,\n}', 2, 16],
    ['{\n  "port": 7391\n  "host": "x"\n}', 3, 3],
    ['{ "a": [1, 2 }', 1, 14],
    ['{ "a": "never ends\n}', 1, 8],
    ['{ "a": nul }', 1, 8],
    ["", 1, 1],
    ['{\n  "a": 1\n', 3, 1],
    ['{ "a": 1 } x', 1, 12],
    ["{ a: 1 }", 1, 3],
  ])("%j is at %i:%i", (text, line, column) => {
    expect(findSyntaxError(text)).toMatchObject({ line, column });
  });

  test("nothing is found in what JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, indent) => {
        expect(findSyntaxError(JSON.stringify(value, null, indent))).toBeUndefined();
      }),
    );
  });

  test("something is found in everything that JSON.parse refuses", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", '"', "x"), (json, at, noise) => {
        const cut = at % (json.length + 1);
        const text = json.slice(0, cut) + noise + json.slice(cut + 1);
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(findSyntaxError(text) === undefined).toBe(valid);
      }),
    );
  });
});

test("a value is located by its path, an absent one by its parent", () => {
  const text = '{\n  "credentials": {\n    "env": { "A": 1 }\n  }\n}';
  expect(locate(text, ["credentials", "env", "A"])).toEqual({ line: 3, column: 19 });
  expect(locate(text, ["credentials", "files"])).toEqual({ line: 2, column: 18 });
  expect(locate("[1,\n [2, 3]]", [1, 1])).toEqual({ line: 2, column: 6 });
});
