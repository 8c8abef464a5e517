import { expect, test } from "vitest";
import { parsePullRequestUrl } from "./pull-request-url.ts";

test.each([
  ["https://github.com/vercel/next.js/pull/123", "https://github.com/vercel/next.js", "vercel/next.js", 123],
  [" https://github.com/o/r/pull/1/files#diff-1 ", "https://github.com/o/r", "o/r", 1],
  ["https://github.com/o/r/pull/1?w=1", "https://github.com/o/r", "o/r", 1],
  ["https://GHE.test:8443/octo-org/a_b/pull/7/commits/abc", "https://ghe.test:8443/octo-org/a_b", "octo-org/a_b", 7],
])("reads %s", (text, repository, fullName, number) => {
  expect(parsePullRequestUrl(text)).toEqual({ repository, fullName, number });
});

test.each([
  "https://github.com/o/r/pull/",
  "https://github.com/o/r/pull/0",
  "https://github.com/o/r/pull/1x",
  "https://github.com/o/r/pulls/1",
  "https://github.com/o/r/issues/1",
  "https://github.com/o/../pull/1",
  "https://github.com/o/r/x/pull/1",
  "https://user:password@github.com/o/r/pull/1",
  "http://github.com/o/r/pull/1",
  "javascript:alert(1)//github.com/o/r/pull/1",
  "https://github.com/o/r/pull/99999999999",
  "#1",
  "",
])("takes %s for no pull request", (text) => {
  expect(parsePullRequestUrl(text)).toBeUndefined();
});
