import { expect, test } from "vitest";
import type { Config } from "../config/config.ts";
import { gitHubs, isGitHub } from "./githubs.ts";

const config = (given: Record<string, unknown>): Config => {
  const settings = { "github.url": "https://github.com", "github.apiUrl": "", "github.servers": [], ...given };
  return { get: (key: string) => (settings as Record<string, unknown>)[key] } as Config;
};

test("every Enterprise server is beside github.com, the worker's own first, and each is there once", () => {
  expect(gitHubs(config({}))).toEqual([{ url: "https://github.com" }]);
  const several = config({
    "github.url": "https://ghe.test:8443",
    "github.apiUrl": "https://api.ghe.test",
    "github.servers": ["https://lab.test/", "https://ghe.test:8443", "https://github.com"],
  });
  expect(gitHubs(several).map(({ url }) => new URL(url).host)).toEqual(["ghe.test:8443", "github.com", "lab.test"]);
  expect(gitHubs(several)[0]).toEqual({ url: "https://ghe.test:8443", apiUrl: "https://api.ghe.test" });
});

test("what is no GitHub that is named is not taken for one", () => {
  const one = config({ "github.servers": ["https://lab.test"] });
  expect(["github.com", "lab.test", "ghe.test", "lab.test:8443"].map((host) => isGitHub(one, host))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
