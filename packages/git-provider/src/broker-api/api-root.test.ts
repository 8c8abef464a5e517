import { expect, test } from "vitest";
import { gitHubAddress } from "../forges/github/address.ts";
import { readTarget } from "./api-root.ts";

const ghe = "https://ghe.test:8443";

test.each([
  [
    undefined,
    undefined,
    "api.github.com",
    "/repos/o/r?x=1",
    "rest",
    "/repos/o/r",
    "https://api.github.com/repos/o/r?x=1",
  ],
  [undefined, undefined, "api.github.com", "/graphql", "graphql", "/graphql", "https://api.github.com/graphql"],
  [ghe, undefined, "ghe.test", "/api/v3/repos/o/r", "rest", "/repos/o/r", `${ghe}/api/v3/repos/o/r`],
  [ghe, undefined, "GHE.test:8443", "/api/graphql", "graphql", "/graphql", `${ghe}/api/graphql`],
  [ghe, "https://api.test/v3", "ghe.test", "/api/v3/repos/o/r", "rest", "/repos/o/r", "https://api.test/v3/repos/o/r"],
  [ghe, "https://api.test/v3", "ghe.test", "/api/graphql", "graphql", "/graphql", "https://api.test/graphql"],
])("of %s with the API at %s, %s%s is %s", (site, apiUrl, host, target, kind, path, url) => {
  expect(readTarget(gitHubAddress(site, apiUrl), host, target)).toEqual({ kind, path, url });
});

test.each([
  ["github.com", "/repos/o/r"],
  ["uploads.github.com", "/repos/o/r"],
  ["api.github.com.evil.test", "/repos/o/r"],
  ["api.github.com", "//evil.test/repos/o/r"],
  ["api.github.com", "https://evil.test/repos/o/r"],
  ["api.github.com", "@evil.test/"],
  ["", "/repos/o/r"],
])("leads %s%s nowhere", (host, target) => {
  expect(() => readTarget(gitHubAddress(), host, target)).toThrow(/gh reaches only api\.github\.com/);
});

test("leads nothing beside an Enterprise server's API", () => {
  expect(() => readTarget(gitHubAddress(ghe), "ghe.test", "/login/oauth/access_token")).toThrow(/no such API/);
  expect(() => readTarget(gitHubAddress(ghe), "ghe.test", "/api/v3/../../login")).toThrow(/no such API/);
});
