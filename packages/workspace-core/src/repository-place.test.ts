import { expect, test } from "vitest";
import { repositoryAt, repositoryKey, repositoryKeyOf } from "./repository-place.ts";

test.each([
  "https://GitHub.com/org/next.js",
  "https://github.com:443/org/next.js.git",
  "https://github.com/org/next.js.git/",
  "https://github.com/%6frg/next%2ejs",
  "github.com/org/next.js/",
  "git@github.com:org/next.js.git",
  "git@github.com:/org/next.js",
  "ssh://git@github.com/org/next.js",
  "ssh://git@github.com:22/org/next.js",
  "ssh://github.com/org/next.js",
])("%s is the same repository, however it is reached", (text) => {
  expect(repositoryKeyOf(text)).toBe("github.com/org/next.js");
});

test.each([
  "https://github.com:8443/org/next.js",
  "ssh://git@github.com:2222/org/next.js",
  "https://github.com/org/next.js2",
  "https://github.com/Org/next.js",
  "https://github.com/x/org/next.js",
  "alice@github.com:org/next.js",
])("%s is another one", (text) => {
  expect(repositoryKeyOf(text)).not.toBe("github.com/org/next.js");
});

test("a request has the key of its repository's URL", () => {
  expect(repositoryKey({ host: "forge.test", path: "/o/r.git" })).toBe(repositoryKeyOf("https://FORGE.test/o/r"));
  expect(repositoryKey({ host: "forge.test", path: "o/r", user: "alice" })).toBe("alice@forge.test/o/r");
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
  "ssh://-oProxyCommand=id/org/repo",
  "git@-oProxyCommand=id:org/repo",
  "git@github.com:org/re'po",
  "git@github.com:org/$(id)",
  "git@github.com:-upload-pack/x",
  "https://github.com/-upload-pack/x",
  "https://github.com//org/repo",
])(
  "%j is none that a credential could be for (host confusion and options, CVE-2020-5260, CVE-2017-1000117)",
  (text) => {
    expect(() => repositoryAt(text)).toThrow(expect.objectContaining({ code: "invalid_clone_url" }));
    expect(() => repositoryAt(text)).not.toThrow(/user:secret/);
  },
);
