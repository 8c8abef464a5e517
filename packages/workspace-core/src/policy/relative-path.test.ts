import fc from "fast-check";
import { expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import { relativePath, segmentsOf } from "./relative-path.ts";

const piece = fc.oneof(
  fc.constantFrom("..", ".", "", "/", "\0", "...", "a", "~", "\\"),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const text = fc
  .array(piece, { maxLength: 8 })
  .chain((pieces) => fc.constantFrom("", "/").map((joint) => pieces.join(joint)));

test("what is taken stays below the directory it starts from, by the rules of the file system", () => {
  fc.assert(
    fc.property(text, (given) => {
      const taken = orRefused(given);
      if (taken === undefined) return;
      const resolved = new URL(`file:///root/${taken.split("/").map(encodeURIComponent).join("/")}`).pathname;
      expect(resolved === "/root/" || resolved.startsWith("/root/")).toBe(true);
      expect(segmentsOf(taken).some((segment) => ["", ".", ".."].includes(segment) || segment.includes("\0"))).toBe(
        false,
      );
    }),
  );
});

test("a path in its one form stays as it is, and only `..`, a root and what is no path are refused", () => {
  fc.assert(
    fc.property(text, (given) => {
      const taken = orRefused(given);
      if (taken !== undefined) expect(relativePath(taken)).toBe(taken);
      else
        expect(
          given.startsWith("/") || given.split("/").includes("..") || given.includes("\0") || !given.isWellFormed(),
        ).toBe(true);
    }),
  );
});

test("what is below is named by what is above", () => {
  fc.assert(
    fc.property(text, text, (above, below) => {
      const [one, other] = [orRefused(above), orRefused(below)];
      if (one === undefined || other === undefined) return;
      expect(segmentsOf(relativePath(`${above}/./${below}`.replace(/^\/+/, "")))).toEqual([
        ...segmentsOf(one),
        ...segmentsOf(other),
      ]);
    }),
  );
});

function orRefused(given: string): string | undefined {
  try {
    return relativePath(given);
  } catch (error) {
    expect(isWsError(error, "path_traversal") || isWsError(error, "invalid_input")).toBe(true);
    return undefined;
  }
}
