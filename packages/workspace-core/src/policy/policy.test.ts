import { describe, expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import { HOSTILE_PATHS } from "../testing/hostile-paths.ts";
import { layerOf as of, verdict } from "../testing/policy-verdict.ts";
import type { PolicyAct } from "./layers.ts";
import { createPolicy } from "./policy.ts";
import { parseRules, type PolicyRules } from "./rules.ts";

describe("what the rules of one layer let pass", () => {
  test.each<[PolicyRules, string, string, string]>([
    // rules, path, and the verdicts for see, read and write: one where they are the same
    [{}, "src/main.ts", "ok", "nothing is set"],
    [{}, ".env", "ok sensitivePaths sensitivePaths", "a secret is seen but neither read nor written"],
    [{}, ".env.example", "ok", "what shows how variables look is no secret"],
    [{}, ".env.example/.env", "ok sensitivePaths sensitivePaths", "its name alone is harmless, not what is below"],
    [{}, ".env.d/.env.sample", "ok sensitivePaths sensitivePaths", "nor does it free what it lies in"],
    [{}, "src/secretsantas.ts", "ok", "a segment is matched, never a part of one"],
    [{}, "src/.environment.ts", "ok", "a segment is matched, never its beginning"],
    [{}, "monkey/keyboard.ts", "ok", "an ending is matched with its dot"],
    [{}, ".git/HEAD", "ok ok git", "git's own is read and not written"],
    [{}, ".git", "ok ok git", "also the directory itself"],
    [{}, ".gitignore", "ok", "what only begins like git's own is not"],
    [{ sensitivePaths: false }, ".env", "ok", "protection given up"],
    [{ sensitivePaths: false }, ".git/config", "ok ok git", "what only git writes stays so"],
    [{ readOnly: true }, "src/main.ts", "ok ok readOnly", "read-only"],
    [{ allowedPaths: ["src/**"] }, "src/a/b.ts", "ok", "below an allowed directory"],
    [{ allowedPaths: ["src"] }, "src/a/b.ts", "ok", "a directory stands for what is below"],
    [{ allowedPaths: ["src"] }, "src", "ok", "the directory itself"],
    [{ allowedPaths: ["src"] }, "srcs/a.ts", "allowedPaths", "not a name that begins alike"],
    [{ allowedPaths: ["src"] }, "lib/src/a.ts", "allowedPaths", "from the top"],
    [{ allowedPaths: ["src"] }, "SRC/a.ts", "allowedPaths", "letters as they are"],
    [{ allowedPaths: ["packages/api/src"] }, "packages", "ok allowedPaths allowedPaths", "the way there is seen only"],
    [{ allowedPaths: ["packages/api/src"] }, "", "ok allowedPaths allowedPaths", "also the top"],
    [{ allowedPaths: ["packages/*/src"] }, "packages/api/src/x", "ok", "any one directory"],
    [{ allowedPaths: ["packages/*/src"] }, "packages/a/b/src/x", "allowedPaths", "but one"],
    [{ allowedPaths: ["**/test"] }, "a/b/test/x", "ok", "any number of directories"],
    [{ allowedPaths: ["**/test"] }, "test/x", "ok", "also none"],
    [{ allowedPaths: ["*.md"] }, "README.md", "ok", "by its ending"],
    [{ allowedPaths: ["*.md"] }, "docs/README.md", "allowedPaths", "at the top only"],
    [{ allowedPaths: ["**/*.md"] }, "docs/README.md", "ok", "anywhere"],
    [{ allowedPaths: ["v?"] }, "v1/x", "ok", "any one character"],
    [{ allowedPaths: ["v?"] }, "v10/x", "allowedPaths", "but one"],
    [{ allowedPaths: ["a+(b)[c]"] }, "a+(b)[c]/x", "ok", "all else is itself"],
    [{ allowedPaths: [""] }, "anything", "ok", "the top stands for everything"],
    [{ allowedPaths: [] }, "anything", "allowedPaths", "an empty list allows nothing"],
    [{ allowedPaths: ["**"] }, ".env", "ok sensitivePaths sensitivePaths", "to allow a place gives up no protection"],
    [{ writablePaths: ["docs"] }, "docs/a.md", "ok", "writable"],
    [{ writablePaths: ["docs"] }, "src/a.ts", "ok ok writablePaths", "read, but not written"],
    [{ writablePaths: ["docs"] }, "", "ok ok writablePaths", "the way there is not writable"],
    [{ allowedPaths: ["src"], writablePaths: ["docs"] }, "docs/a", "allowedPaths", "both count"],
    [{ hiddenPaths: ["private"] }, "private", "hiddenPaths", "hidden"],
    [{ hiddenPaths: ["private"] }, "private/a/b", "hiddenPaths", "with what is below"],
    [{ hiddenPaths: ["private"] }, "privateer", "ok", "not a name that begins alike"],
    [{ hiddenPaths: ["caf\u00e9"] }, "cafe\u0301/a", "hiddenPaths", "however it is composed"],
    [{ hiddenPaths: ["cafe\u0301"] }, "caf\u00e9", "hiddenPaths", "either way"],
    [{ hiddenPaths: ["**/*.sql"] }, "db/dump.sql", "hiddenPaths", "by its ending"],
    [{ hiddenPaths: ["src/gen"], allowedPaths: ["src"] }, "src/gen/x", "hiddenPaths", "within"],
  ])("%j on '%s': seen, read and written %s: %s", (rules, path, expected) => {
    const verdicts = (["see", "read", "write"] as const).map((act) => verdict([of(rules)], { act, path }));
    expect(new Set(verdicts).size === 1 ? verdicts[0] : verdicts.join(" ")).toBe(expected);
  });

  test.each<[PolicyRules, string, string]>([
    [{}, ".git/objects/ab/cdef", "git"],
    [{}, ".git/objects/pack/pack-1.pack", "git"],
    [{}, "vendor/lib/.GIT/Objects/ab/cd", "git"],
    [{}, ".git/modules/lib/objects/ab/cd", "git"],
    [{}, ".git/lfs/objects/ab/cd/abcd", "git"],
    [{}, ".git/index", "git"],
    [{ hiddenPaths: ["private"], sensitivePaths: false }, ".git/objects/ab/cdef", "git"],
    [{ sensitivePaths: false }, ".git/objects/ab/cdef", "ok"],
    [{}, ".git/HEAD", "ok"],
    [{}, ".git/logs/HEAD", "ok"],
    [{}, "objects/ab", "ok"],
  ])("%j: what git keeps of files that may not be read is no way to read them: '%s': %s", (rules, path, expected) => {
    expect(verdict([of(rules)], { act: "read", path })).toBe(expected);
    expect(verdict([of(rules)], { act: "see", path })).toBe("ok");
  });

  test.each<[PolicyRules, string, string]>([
    [{}, "src", "ok"],
    [{}, ".aws", "sensitivePaths"],
    [{}, "home/.config/gh", "sensitivePaths"],
    [{}, "home", "ok"],
    [{ hiddenPaths: ["a/b/secret"] }, "a", "hiddenPaths"],
    [{ hiddenPaths: ["a/b/secret"] }, "a/b", "hiddenPaths"],
    [{ hiddenPaths: ["a/b/secret"] }, "a/c", "ok"],
    [{ hiddenPaths: ["**/secret"] }, "a", "ok"],
    [{ writablePaths: ["a/b"] }, "a", "writablePaths"],
    [{ writablePaths: ["a/b"] }, "a/b", "ok"],
    [{ allowedPaths: ["a/b"] }, "a", "allowedPaths"],
  ])("%j: '%s' is moved with what lies below: %s", (rules, path, expected) => {
    expect(verdict([of(rules)], { act: "move", path })).toBe(expected);
  });

  test.each<[PolicyRules, string, string]>([
    [{}, "node_modules/tls/key.pem", "ok"],
    [{}, "vendor/lib/.git/config", "ok"],
    [{ hiddenPaths: ["**/private"] }, "a/private", "hiddenPaths"],
    [{ writablePaths: ["a/b"] }, "a/c", "writablePaths"],
    [{ allowedPaths: ["a/b"] }, "a/c", "allowedPaths"],
    [{ readOnly: true }, "a", "readOnly"],
  ])("%j: '%s' goes with what it lies in: %s", (rules, path, expected) => {
    expect(verdict([of(rules)], { act: "carry", path })).toBe(expected);
  });

  test.each<[PolicyRules, PolicyAct, string]>([
    [{}, { act: "commit" }, "ok"],
    [{}, { act: "push" }, "ok"],
    [{}, { act: "change" }, "ok"],
    [{}, { act: "branch", branch: "any" }, "ok"],
    [{ commit: false }, { act: "commit" }, "commit"],
    [{ commit: false }, { act: "push" }, "ok"],
    [{ commit: false }, { act: "change" }, "ok"],
    [{ push: false }, { act: "push" }, "push"],
    [{ push: false }, { act: "commit" }, "ok"],
    [{ readOnly: true }, { act: "commit" }, "readOnly"],
    [{ readOnly: true }, { act: "push" }, "readOnly"],
    [{ readOnly: true }, { act: "change" }, "readOnly"],
    [{ readOnly: true }, { act: "branch", branch: "main" }, "ok"],
    [{ fixedBranch: "main" }, { act: "branch", branch: "main" }, "ok"],
    [{ fixedBranch: "main" }, { act: "branch", branch: "mainline" }, "fixedBranch"],
    [{ fixedBranch: "main" }, { act: "branch", branch: "Main" }, "fixedBranch"],
  ])("%j on %j: %s", (rules, act, expected) => {
    expect(verdict([of(rules)], act)).toBe(expected);
  });
});

describe("hostile paths", () => {
  test("there are at least sixty, each once", () => {
    expect(new Set(HOSTILE_PATHS.map(({ path }) => path)).size).toBe(HOSTILE_PATHS.length);
    expect(HOSTILE_PATHS.length).toBeGreaterThanOrEqual(60);
  });

  test.each(HOSTILE_PATHS)("$is: $why: $path", ({ path, is }) => {
    const policy = createPolicy([of({})]);
    for (const act of ["read", "write"] as const) {
      const code = codeOf(() => policy.demand({ act, path }));
      expect([act, code]).toEqual([
        act,
        { "leads-out": "path_traversal", "no-path": "invalid_input", protected: "path_not_allowed", name: "ok" }[is],
      ]);
    }
  });

  test("none of them comes through where only one directory is allowed", () => {
    const policy = createPolicy([of({ allowedPaths: ["only"] })]);
    for (const { path } of HOSTILE_PATHS) expect(codeOf(() => policy.demand({ act: "see", path }))).not.toBe("ok");
  });
});

test("a refusal names the path, the rule, where it is set and the way out, without a control character of theirs", () => {
  const policy = createPolicy([of({ hiddenPaths: ["**/\u001b*"] })]);
  expect(() => policy.demand({ act: "read", path: "a/\u001b[2J" })).toThrow(
    expect.objectContaining({
      code: "path_not_allowed",
      message: "'a/\uFFFD[2J' cannot be read: the rule hiddenPaths ('**/\uFFFD*') of the workspace demo forbids it.",
      next: expect.stringContaining("ws policy set demo hiddenPaths") as string,
      data: { path: "a/\uFFFD[2J", rule: "hiddenPaths", setBy: "workspace demo" },
    }),
  );
});

test("a pattern made to be slow is not", () => {
  const slow = parseRules({ allowedPaths: [`${"**/*a/".repeat(70)}b`, `${"*a".repeat(120)}b`] });
  const path = `${"a".repeat(255)}/${"a/".repeat(1_900)}c`;
  expect(createPolicy([of(slow)]).decide({ act: "read", path })?.rule).toBe("allowedPaths");
});

function codeOf(work: () => void): string {
  try {
    work();
    return "ok";
  } catch (error) {
    return isWsError(error) ? error.code : String(error);
  }
}
