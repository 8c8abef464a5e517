import { expect, test } from "vitest";
import { baseOf, faultOf, foldersAbove, imageType, isWithin, joined, parentOf } from "./file-paths.ts";

test("Paths are taken apart and put together", () => {
  expect([parentOf("a/b/c"), parentOf("a"), baseOf("a/b"), baseOf("a")]).toEqual(["a/b", "", "b", "a"]);
  expect([joined("", "a"), joined("a", "b")]).toEqual(["a", "a/b"]);
  expect(foldersAbove("a/b/c")).toEqual(["a", "a/b"]);
  expect([isWithin("a/b", "a"), isWithin("ab", "a"), isWithin("a", ""), isWithin("a", "a")]).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

test.each(["", "/etc", "a//b", "a/", "../a", "a/./b", "a\nb", "a\u0000"])("%j is no path to give", (path) => {
  expect(faultOf(path)).toBeTypeOf("string");
});

test.each(["a", "src/ü b.ts", ".env.example", "a..b"])("%j is a path", (path) => {
  expect(faultOf(path)).toBeUndefined();
});

test("Images are known by their ending", () => {
  expect([imageType("a/b.PNG"), imageType("x.svg"), imageType("png"), imageType("a.constructor")]).toEqual([
    "image/png",
    "image/svg+xml",
    undefined,
    undefined,
  ]);
});
