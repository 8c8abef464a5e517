import { execFileSync } from "node:child_process";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { exportStatement, parseEnvironment, quote } from "./quote.ts";

/** Any text that a program can be given. */
const text = fc.string({ unit: "grapheme", maxLength: 200 }).map((value) => value.replaceAll("\0", ""));
const ascii = fc.string({ unit: "binary-ascii", maxLength: 50 }).map((value) => value.replaceAll("\0", ""));
const any = fc.oneof(text, ascii);

describe.each(["sh", "bash"])("a quoted word in %s", (shell) => {
  test("is the text, whatever it holds (shell metacharacters in a name: CVE-2025-68143)", () => {
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 50 }), (words) => {
        const code = `printf '%s\\0' ${words.map(quote).join(" ")}`;
        const output = execFileSync(shell, ["-c", code]).toString();
        expect(output.split("\0").slice(0, -1)).toEqual(words);
      }),
      { numRuns: 30 },
    );
  });

  test("is the value of an exported variable", () => {
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 20 }), (values) => {
        const environment = Object.fromEntries(values.map((value, index) => [`V${index}`, value]));
        const code = `${exportStatement({ ...environment, UID: "1", IFS: "x" })}; exec env -0`;
        const seen = execFileSync(shell, ["-c", code]).toString().split("\0");
        for (const [name, value] of Object.entries(environment)) expect(seen).toContain(`${name}=${value}`);
      }),
      { numRuns: 30 },
    );
  });
});

test("what no program can be given is refused", () => {
  expect(() => quote("a\0b")).toThrow(/NUL/);
  expect(() => quote("x".repeat(128 * 1024))).toThrow(/128 KiB/);
  expect(() => exportStatement({ "a b": "c" })).toThrow(/'a b'/);
  expect(() => exportStatement({ "a;id": "c" })).toThrow(/environment variable/);
  expect(() => exportStatement({ A: "\0" })).toThrow(/'A'/);
});

test("an image's environment is read as it is, less the names that no shell knows", () => {
  expect(parseEnvironment(["A=b=c", "B=", "C", "D=x\ny", "e.f=1", "2=3"])).toEqual({
    A: "b=c",
    B: "",
    C: "",
    D: "x\ny",
  });
});
