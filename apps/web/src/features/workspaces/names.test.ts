import { expect, test } from "vitest";
import { isName, lastOfRepository, nameFromUrl, shortRepository } from "./names.ts";

test.each([
  ["https://github.com/vercel/next.js", "next-js"],
  ["https://git.example.com/team/My_App.git", "my-app"],
  ["git@github.com:org/repo.git", "repo"],
  ["github.com/org/repo/", "repo"],
  ["https://example.com/%F0%9F%90%B1", "f0-9f-90-b1"],
  ["", ""],
  ["///", ""],
])("The name suggested for %s is '%s'", (url, name) => {
  expect(nameFromUrl(url)).toBe(name);
  expect(name === "" || isName(name)).toBe(true);
});

test("A name is a DNS label", () => {
  expect(["a", "a-b", "0", "a".repeat(63)].every(isName)).toBe(true);
  expect(["", "-a", "a-", "A", "a_b", "a.b", "a".repeat(64), "a\n"].some(isName)).toBe(false);
});

test("A repository is shown without scheme, user and .git", () => {
  expect(shortRepository("https://user@github.com/org/repo.git")).toBe("github.com/org/repo");
  expect(shortRepository("git@github.com:org/repo.git")).toBe("github.com:org/repo");
});

test.each([
  ["https://github.com/org/repo.git", "org/repo"],
  ["git@github.com:org/repo.git", "org/repo"],
  ["https://gitlab.example.com/group/sub/repo/", "sub/repo"],
  ["repo", "repo"],
])("In a narrow column %s is %s", (url, short) => {
  expect(lastOfRepository(url)).toBe(short);
});
