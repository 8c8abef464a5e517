import { expect, test } from "vitest";
import { createContext } from "../context.ts";
import { CliError, printError } from "../errors.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { toJson } from "./json.ts";

test("no control character is left for a terminal to obey, and the data is the same", () => {
  const hostile = { line: "\u009b31m\u009d52;c;aGk=\u009c\u007f\u0080\u009f\u001b[2J\u0000 déjà\u00a0" };
  for (const text of [toJson(hostile), toJson(hostile, 2).replaceAll("\n", "")]) {
    expect(text).not.toMatch(/\p{Cc}/u);
    expect(text).toContain(" déjà\u00a0");
    expect(JSON.parse(text)).toEqual(hostile);
  }
});

test("what every command prints as JSON is written so, an error too", () => {
  const io = createFakeIo();
  createContext(io, true).printJson({ branch: "\u009b2J" });
  printError(io, new CliError("odd\u009b2J", "No."), true);
  expect(io.out()).toBe('{\n  "branch": "\\u009b2J"\n}\n');
  expect(io.err()).toContain('"code":"odd\\u009b2J"');
});
