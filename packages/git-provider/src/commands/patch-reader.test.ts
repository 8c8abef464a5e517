import fc from "fast-check";
import { expect, test } from "vitest";
import { createPatchReader, DIFF_LIMITS, type DiffLimits } from "./patch-reader.ts";

const ZERO = "0".repeat(40);
const SOME = "1".repeat(40);

interface Change {
  name: string;
  context: string[];
  deleted: string[];
  added: string[];
}

/** What git prints for these changes. */
function printed(changes: readonly Change[]): string[] {
  return [
    ...changes.map(({ name }) => `:100644 100644 ${SOME} ${ZERO} M\t${name}`),
    ...changes.map(({ name, added, deleted }) => `${added.length}\t${deleted.length}\t${name}`),
    "",
    ...changes.flatMap(({ name, context, deleted, added }) => [
      `diff --git a/${name} b/${name}`,
      `index ${SOME}..${ZERO} 100644`,
      `--- a/${name}`,
      `+++ b/${name}`,
      `@@ -1,${context.length + deleted.length} +1,${context.length + added.length} @@ f()`,
      ...context.map((line) => ` ${line}`),
      ...deleted.map((line) => `-${line}`),
      ...added.map((line) => `+${line}`),
    ]),
  ];
}

function read(lines: readonly string[], limits: DiffLimits = DIFF_LIMITS) {
  const reader = createPatchReader(limits, { stat: false });
  let taken = 0;
  for (const line of lines) {
    taken += 1;
    if (!reader.read(line, false)) break;
  }
  return { diff: reader.diff(), taken };
}

test("whatever stands in the lines, each is of the file, the side and the number it has", () => {
  const text = fc.constantFrom(
    "",
    "x",
    "diff --git a/b b/b",
    "@@ -1 +1 @@",
    "--- a/b",
    "+++ b/b",
    "\\ No newline",
    ":100644 x",
    "1\t2\tb",
    "* Unmerged path b",
    "-",
    "+",
  );
  const lines = fc.array(text, { maxLength: 4 });
  const change = fc
    .record({ context: lines, deleted: lines, added: lines })
    .filter(({ deleted, added }) => deleted.length + added.length > 0);
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), (given) => {
      const changes = given.map((each, index) => ({ ...each, name: `${"abcd"[index]}` }));
      const { files, truncated, total } = read(printed(changes)).diff;
      expect({ truncated, total }).toEqual({ truncated: false, total: changes.length });
      for (const [index, { context, deleted, added }] of changes.entries()) {
        const got = files[index]?.hunks.flatMap((hunk) => hunk.lines) ?? [];
        const of = (type: string) => got.filter((line) => line.type === type);
        expect(of("context").map(({ text: line }) => line)).toEqual(context);
        expect(of("deleted").map(({ text: line, old }) => [line, old])).toEqual(
          deleted.map((line, at) => [line, context.length + at + 1]),
        );
        expect(of("added").map(({ text: line, new: now }) => [line, now])).toEqual(
          added.map((line, at) => [line, context.length + at + 1]),
        );
      }
    }),
  );
});

test("no more is kept than the limits say, and what follows is not waited for", () => {
  const changes = ["a", "b", "c"].map((name) => ({ name, context: [], deleted: [], added: ["1", "2", "3", "4"] }));
  const lines = printed(changes);
  const limits = { files: 2, lines: 5, linesOfFile: 3, characters: 1_000 };
  const { diff, taken } = read(lines, limits);
  expect(
    diff.files.map(({ path, truncated, hunks }) => [path, truncated, hunks.flatMap((hunk) => hunk.lines).length]),
  ).toEqual([
    ["a", true, 3],
    ["b", true, 2],
  ]);
  expect(diff).toMatchObject({ total: 3, additions: 12, truncated: true });
  expect(taken).toBeLessThan(lines.length);
});

test("a part of the patch that no listed file begins is nobody's", () => {
  const [first, ...rest] = printed([{ name: "a", context: [], deleted: [], added: ["x"] }]);
  const lines = [
    first ?? "",
    ...rest.map((line) => line.replace("diff --git a/a b/a", "diff --git a/secret b/secret")),
  ];
  expect(read(lines).diff.files).toMatchObject([{ path: "a", hunks: [], truncated: true }]);
});
