import { expect, test } from "vitest";
import { moveOf, typedAhead } from "./tree-keys.ts";
import type { Row } from "./tree.ts";

function row(path: string, expanded?: boolean): Row {
  const entry = {
    name: path,
    type: expanded === undefined ? ("file" as const) : ("directory" as const),
    size: 0,
    modifiedAt: "",
    mode: 0,
  };
  const level = path.split("/").length;
  return {
    kind: "entry",
    path,
    entry,
    level,
    position: 1,
    siblings: 1,
    ...(expanded === undefined ? {} : { expanded }),
  };
}

const rows: Row[] = [
  row("docs", false),
  row("src", true),
  row("src/main.ts"),
  row("src/empty", true),
  { kind: "note", path: "src/empty", level: 3, note: { kind: "empty" } },
  row("README.md"),
];

test.each([
  ["ArrowDown", "src/empty", { kind: "activate", path: "README.md" }],
  ["ArrowDown", "README.md", { kind: "activate", path: "README.md" }],
  ["ArrowUp", "README.md", { kind: "activate", path: "src/empty" }],
  ["ArrowDown", undefined, { kind: "activate", path: "docs" }],
  ["Home", "README.md", { kind: "activate", path: "docs" }],
  ["End", "docs", { kind: "activate", path: "README.md" }],
  ["PageDown", "docs", { kind: "activate", path: "src/main.ts" }],
  ["ArrowRight", "docs", { kind: "expand", path: "docs" }],
  ["ArrowRight", "src", { kind: "activate", path: "src/main.ts" }],
  ["ArrowRight", "src/empty", undefined],
  ["ArrowRight", "README.md", undefined],
  ["ArrowLeft", "src", { kind: "collapse", path: "src" }],
  ["ArrowLeft", "src/main.ts", { kind: "activate", path: "src" }],
  ["ArrowLeft", "docs", undefined],
  ["x", "docs", undefined],
  ["F2", undefined, undefined],
])("%s on %s", (key, active, expected) => {
  expect(moveOf(key, rows, active, 2)).toEqual(expected);
});

test.each([
  ["Enter", "open"],
  [" ", "open"],
  ["F2", "rename"],
  ["Delete", "remove"],
])("%s is to %s", (key, kind) => {
  expect(moveOf(key, rows, "README.md", 2)).toMatchObject({ kind, row: { path: "README.md" } });
});

test("Letters lead to the next name that begins so; one letter again and again walks through them", () => {
  const names = ["alpha", "beta", "bravo", "Brute"].map((name) => row(name));
  expect(typedAhead(names, "alpha", "b")).toBe("beta");
  expect(typedAhead(names, "beta", "bb")).toBe("bravo");
  expect(typedAhead(names, "Brute", "b")).toBe("beta");
  expect(typedAhead(names, "bravo", "br")).toBe("bravo");
  expect(typedAhead(names, "bravo", "bru")).toBe("Brute");
  expect(typedAhead(names, undefined, "a")).toBe("alpha");
  expect(typedAhead(names, "alpha", "z")).toBeUndefined();
});
