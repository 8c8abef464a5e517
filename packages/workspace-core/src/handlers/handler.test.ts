import { describe, expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import type { PolicyAct } from "../policy/layers.ts";
import { createPolicy } from "../policy/policy.ts";
import { handlerAbilities, handlerRules, parseHandler, type Handler } from "./handler.ts";
import type { FetchSettings } from "./fetch.ts";
import type { PublishSettings } from "./publish.ts";

const fetch = (settings: Omit<FetchSettings, "repo">): Handler => ({
  kind: "fetch",
  settings: { repo: "demo", ...settings },
});
const publish = (settings: Omit<PublishSettings, "repo" | "writable_paths"> = {}): Handler => ({
  kind: "publish",
  settings: { repo: "demo", writable_paths: ["docs"], ...settings },
});

/** `ok`, or the rule that refuses. */
function verdict(handler: Handler, act: PolicyAct): string {
  const layers = handlerRules(handler).map((rules) => ({ of: "token" as const, name: "nightly", rules }));
  return createPolicy(layers).decide(act)?.rule ?? "ok";
}

describe("what a fetch lets be read", () => {
  test.each<[Omit<FetchSettings, "repo">, string, string]>([
    [{}, "src/a.ts", "ok"],
    [{}, ".env", "sensitivePaths"],
    [{ paths: ["src"] }, "src/a.ts", "ok"],
    [{ paths: ["src"] }, "docs/a.md", "allowedPaths"],
    [{ include_glob: "*.md" }, "docs/deep/a.md", "ok"],
    [{ include_glob: "*.md" }, "src/a.ts", "allowedPaths"],
    [{ paths: ["docs"], include_glob: "*.md" }, "README.md", "allowedPaths"],
    [{ paths: ["docs"], include_glob: "*.md" }, "docs/a.md", "ok"],
    [{ exclude_glob: "*.test.ts" }, "src/a.test.ts", "hiddenPaths"],
    [{ exclude_glob: "src/gen" }, "src/gen/a.ts", "hiddenPaths"],
    [{ exclude_glob: "src/gen" }, "lib/src/gen/a.ts", "ok"],
  ])("%j: %s: %s", (settings, path, expected) => {
    expect(verdict(fetch(settings), { act: "read", path })).toBe(expected);
    expect(verdict(fetch(settings), { act: "write", path })).not.toBe("ok");
  });

  test("nothing is changed by it, and it is for looking only", () => {
    expect(verdict(fetch({}), { act: "commit" })).toBe("readOnly");
    expect(handlerAbilities(fetch({}))).toEqual(["ls", "read", "packets"]);
  });
});

describe("what a publish lets be written", () => {
  test.each<[Omit<PublishSettings, "repo" | "writable_paths">, PolicyAct, string]>([
    [{}, { act: "write", path: "docs/a.md" }, "ok"],
    [{}, { act: "write", path: "src/a.ts" }, "writablePaths"],
    [{}, { act: "commit" }, "commit"],
    [{}, { act: "push" }, "push"],
    [{ commit_enabled: true }, { act: "commit" }, "ok"],
    [{ push_enabled: true }, { act: "push" }, "ok"],
    [{}, { act: "branch", branch: "any" }, "ok"],
    [{ branch_mode: "fixed", fixed_branch: "docs" }, { act: "branch", branch: "main" }, "fixedBranch"],
    [{ branch_mode: "fixed", fixed_branch: "docs" }, { act: "branch", branch: "docs" }, "ok"],
  ])("%j on %j: %s", (settings, act, expected) => {
    expect(verdict(publish(settings), act)).toBe(expected);
  });

  test.each([
    [{}, "write edit pull"],
    [{ commit_enabled: true }, "write edit pull add commit"],
    [{ push_enabled: true }, "write edit pull push"],
    [{ commit_enabled: true, push_enabled: true }, "write edit pull add commit push"],
  ])("%j may: %s", (settings, abilities) => {
    expect(handlerAbilities(publish(settings)).join(" ")).toBe(abilities);
  });
});

test.each<[Handler, string]>([
  [publish({ branch_mode: "fixed" }), "fixed_branch"],
  [publish({ fixed_branch: "docs" }), "branch_mode"],
  [publish({ branch_mode: "fixed", fixed_branch: "--mirror" }), "fixedBranch"],
  [{ kind: "publish", settings: { repo: "demo", writable_paths: [] } }, "writable_paths"],
  [{ kind: "publish", settings: { repo: "demo", writable_paths: ["../x"] } }, "writablePaths"],
  [fetch({ paths: ["/etc"] }), "allowedPaths"],
  [fetch({ exclude_glob: "a\0b" }), "hiddenPaths"],
])("settings that make no rules are refused before a token is made of them: %j", (handler, field) => {
  let refused: unknown;
  try {
    parseHandler(handler);
  } catch (error) {
    refused = error;
  }
  expect(isWsError(refused, "invalid_input") ? refused.data.field : "taken").toBe(field);
});
