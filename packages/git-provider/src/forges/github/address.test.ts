import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gitHubAddress, repositoryAt } from "./address.ts";

describe("where a GitHub and its API are", () => {
  test.each([
    [undefined, "https://github.com", "https://api.github.com"],
    ["https://github.com/", "https://github.com", "https://api.github.com"],
    ["https://GHE.Example.test", "https://ghe.example.test", "https://ghe.example.test/api/v3"],
    ["https://ghe.example.test:8443", "https://ghe.example.test:8443", "https://ghe.example.test:8443/api/v3"],
    ["https://octocorp.ghe.com", "https://octocorp.ghe.com", "https://api.octocorp.ghe.com"],
  ])("of %s", (url, site, apiUrl) => {
    expect(gitHubAddress(url)).toMatchObject({ site, apiUrl });
  });

  test("takes another address of the API", () => {
    expect(gitHubAddress("https://ghe.test", "https://api.ghe.test/v3/").apiUrl).toBe("https://api.ghe.test/v3");
  });

  test.each([
    "http://github.com",
    "https://user:password@github.com",
    "https://github.com/org",
    "github.com",
    "https://",
  ])("refuses %s, and shows no password of it", (url) => {
    expect(() => gitHubAddress(url)).toThrow(/is not the https address of a GitHub server/);
    expect(() => gitHubAddress(url)).not.toThrow(/password/);
  });
});

describe("which repository a URL names", () => {
  const github = gitHubAddress();
  test.each([
    ["https://github.com/vercel/next.js", { owner: "vercel", repo: "next.js" }],
    ["https://github.com/vercel/next.js.git", { owner: "vercel", repo: "next.js" }],
    ["github.com/octo-org/a", { owner: "octo-org", repo: "a" }],
    ["git@github.com:octo-org/a.b.git", { owner: "octo-org", repo: "a.b" }],
    ["ssh://git@github.com/octo-org/a", { owner: "octo-org", repo: "a" }],
    ["ssh://git@github.com:443/octo-org/a", { owner: "octo-org", repo: "a" }],
    ["https://github.com/octo_corp/.github", { owner: "octo_corp", repo: ".github" }],
    ["https://github.com/octo-org", undefined],
    ["https://github.com/octo-org/a/b", undefined],
    ["https://github.com.evil.test/o/r", undefined],
    ["https://evil.test/github.com/o", undefined],
    ["https://github.com:8443/o/r", undefined],
    ["git@evil.test:github.com/o", undefined],
    ["--upload-pack=x", undefined],
  ])("%s", (url, place) => {
    expect(repositoryAt(github, url)).toEqual(place);
  });

  test("finds the owner and the name in every form of every name", () => {
    const owner = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/);
    const name = fc
      .stringMatching(/^[A-Za-z0-9_.-]{1,60}$/)
      .filter((text) => !/^[.-]+$|\.git$/i.test(text) && /[A-Za-z0-9]/.test(text));
    fc.assert(
      fc.property(owner, name, (owner, repo) => {
        for (const url of [
          `https://github.com/${owner}/${repo}`,
          `https://github.com/${owner}/${repo}.git`,
          `github.com/${owner}/${repo}`,
          `git@github.com:${owner}/${repo}.git`,
          `ssh://git@github.com/${owner}/${repo}`,
        ]) {
          expect(repositoryAt(github, url)).toEqual({ owner, repo });
        }
      }),
    );
  });
});
