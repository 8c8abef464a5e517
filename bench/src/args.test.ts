import { expect, test } from "vitest";
import { readArgs } from "./args.ts";

const names = ["exec", "create", "image"];

test("without an option every row is wanted and nothing is written", () => {
  expect(readArgs([], names)).toEqual({ only: [], list: false, help: false });
});

test("--only takes names one by one and separated by commas", () => {
  expect(readArgs(["--only", "exec", "--only=create,image"], names).only).toEqual(["exec", "create", "image"]);
});

test("--json takes a file", () => {
  expect(readArgs(["--json", "out.json"], names)).toMatchObject({ json: "out.json" });
});

test.each([
  [["--only", "nosuch"], "There is no row 'nosuch'. Rows: exec, create, image."],
  [["--only", ","], "--only needs the name of a row."],
  [["--only"], "--only"],
  [["--json", ""], "--json needs the name of a file."],
  [["--fast"], "--fast"],
  [["exec"], "exec"],
])("%j is refused", (argv, message) => {
  expect(() => readArgs(argv, names)).toThrow(expect.objectContaining({ code: "usage" }));
  expect(() => readArgs(argv, names)).toThrow(message);
});
