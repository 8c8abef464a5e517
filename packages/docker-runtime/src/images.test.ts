import { describe, expect, test } from "vitest";

import { buildArguments } from "./images.ts";
import { withTag } from "./pull-image.ts";

describe("images", () => {
  test("take proxies and the npm registry from the agent's environment, and nothing else", () => {
    const environment = {
      HTTPS_PROXY: "http://proxy:3128",
      no_proxy: "localhost",
      NPM_CONFIG_REGISTRY: "https://npm.example",
      PATH: "/bin",
      SOME_PASSWORD: "x",
    };
    expect(buildArguments(environment)).toEqual({
      HTTPS_PROXY: "http://proxy:3128",
      no_proxy: "localhost",
      NPM_REGISTRY: "https://npm.example",
    });
  });

  test.each([
    ["debian", "debian:latest"],
    ["debian:12", "debian:12"],
    ["registry:5000/debian", "registry:5000/debian:latest"],
    ["registry:5000/debian:12", "registry:5000/debian:12"],
    ["debian@sha256:00", "debian@sha256:00"],
  ])("'%s' is pulled as '%s', because a name alone would pull every tag", (image, pulled) => {
    expect(withTag(image)).toBe(pulled);
  });
});
