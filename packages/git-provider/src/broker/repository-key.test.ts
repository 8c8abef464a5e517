import { expect, test } from "vitest";
import { parseAuthority } from "../hosts.ts";
import { keyOfUrl, repositoryKey } from "./repository-key.ts";

test.each([
  "https://Forge.TEST/o/r",
  "https://forge.test:443/o/r.git",
  "forge.test/o/r/",
  "https://forge.test/%6f/r",
  "https://forge.test/o/r.git/",
])("%s is the same repository as any other spelling of it", (url) => {
  expect(keyOfUrl(url)).toBe("https://forge.test/o/r");
});

test.each([
  "https://forge.test:8443/o/r",
  "https://forge.test/o/r2",
  "https://forge.test/O/r",
  "https://forge.test/x/o/r",
])("%s is another one", (url) => {
  expect(keyOfUrl(url)).not.toBe("https://forge.test/o/r");
});

test("git's request has the key of its repository's URL, and ssh has none", () => {
  const authority = parseAuthority("FORGE.test:443", 443) ?? { host: "" };
  expect(repositoryKey(authority, "o/r.git")).toBe(keyOfUrl("https://forge.test/o/r"));
  expect(keyOfUrl("git@forge.test:o/r")).toBeUndefined();
});
