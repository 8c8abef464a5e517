import { expect, test } from "vitest";
import { repositoryAt, repositoryKey } from "./repository.ts";

test.each([
  "https://GitHub.com/org/next.js",
  "https://github.com:443/org/next.js.git",
  "github.com/org/next.js/",
  "git@github.com:org/next.js.git",
  "ssh://git@github.com/org/next.js",
])("%s is the same repository", (text) => {
  expect(repositoryKey(repositoryAt(text))).toBe("github.com/org/next.js");
});

test.each([
  "http://github.com/org/repo",
  "https://user:secret@github.com/org/repo",
  "ext::sh -c id",
  "file:///etc/passwd",
  "https://github.com",
  "https://github.com/",
  "https://github.com/org/../repo",
  "https://github.com/org/%2e%2e/repo",
  "https://github.com/org/repo%0ahost=evil.test",
  "https://github.com/org/re\npo",
  "https://github.com%0d/org/repo",
  "https://-oProxyCommand=id/org/repo",
  "https://github.com/-upload-pack/x",
  "https://github.com//org/repo",
])("%j is none that a credential could be for (host confusion, CVE-2020-5260, CVE-2024-52006)", (text) => {
  expect(() => repositoryAt(text)).toThrow(expect.objectContaining({ code: "invalid_clone_url" }));
  expect(() => repositoryAt(text)).not.toThrow(/user:secret/);
});
