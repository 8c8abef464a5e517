import { expect, test } from "vitest";
import { highlight } from "./highlight.ts";
import type { Line } from "./rows.ts";

const lines: Line[] = [
  { type: "context", old: 1, new: 1, text: "/* one" },
  { type: "deleted", old: 2, text: "const a = 1;" },
  { type: "added", new: 2, text: "*/ const b = 2;" },
  { type: "context", old: 3, new: 3, text: "" },
];

test("each side is read by itself, and no character is lost", async () => {
  const colours = await highlight("src/a.ts", [{ header: "", lines }]);
  const of = (index: number) => colours.get(lines[index] as Line);
  expect(of(1)).toEqual([{ from: 0, text: "const a = 1;", classes: "tok-comment" }]);
  expect(of(2)).toContainEqual({ from: 3, text: "const", classes: "tok-keyword" });
  for (const line of lines)
    expect(
      colours
        .get(line)
        ?.map(({ text }) => text)
        .join(""),
    ).toBe(line.text);
});

test("a file of no known language has no colours", async () => {
  expect((await highlight("a.unknown-kind", [{ header: "", lines }])).size).toBe(0);
});
