import { describe, expect, test } from "vitest";
import { parseRules, type PolicyRules } from "./rules.ts";

describe("rules are taken in one form", () => {
  test("patterns lose what means nothing, and repetitions", () => {
    expect(parseRules({ allowedPaths: ["./src//api/", "src/api", "docs/**"] })).toEqual({
      allowedPaths: ["src/api", "docs/**"],
    });
  });

  test.each<[object, string]>([
    [{ readonly: true }, "readonly"],
    [{ __proto__: null, constructor: 1 }, "constructor"],
    [{ readOnly: "yes" }, "readOnly"],
    [{ allowedPaths: "src" }, "allowedPaths"],
    [{ allowedPaths: [7] }, "allowedPaths"],
    [{ hiddenPaths: ["../x"] }, "hiddenPaths"],
    [{ hiddenPaths: ["/x"] }, "hiddenPaths"],
    [{ hiddenPaths: ["x".repeat(513)] }, "hiddenPaths"],
    ...[
      "",
      "-x",
      "a..b",
      "a b",
      "a~1",
      "a^",
      "a:b",
      "a?",
      "a*",
      "a[",
      "a\\b",
      "a.lock",
      "/a",
      "a/",
      "a//b",
      ".a",
      "a/.b",
      "@",
      "HEAD",
      "a@{1}",
      "a\n",
      "x".repeat(300),
    ].map((fixedBranch): [object, string] => [{ fixedBranch }, "fixedBranch"]),
  ])("%j is refused, naming %s", (given, field) => {
    expect(() => parseRules(given as PolicyRules)).toThrow(
      expect.objectContaining({ code: "invalid_input", data: { field } }),
    );
  });

  test("a thousand patterns are enough", () => {
    const patterns = Array.from({ length: 1_001 }, (_, index) => `p${index}`);
    expect(() => parseRules({ hiddenPaths: patterns })).toThrow(expect.objectContaining({ code: "invalid_input" }));
    expect(parseRules({ hiddenPaths: patterns.slice(1) }).hiddenPaths).toHaveLength(1_000);
  });

  test.each(["main", "release/1.2", "feature/#7-x", "parallax/ws-1/person/demo"])(
    "the branch %s is taken",
    (fixedBranch) => {
      expect(parseRules({ fixedBranch })).toEqual({ fixedBranch });
    },
  );
});
