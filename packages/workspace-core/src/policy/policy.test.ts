import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import { HOSTILE_PATHS } from "../testing/hostile-paths.ts";
import type { PolicyAct, PolicyLayer } from "./layers.ts";
import { createPolicy } from "./policy.ts";
import { parseRules, type PolicyRules } from "./rules.ts";

const of = (rules: PolicyRules, layer: Partial<PolicyLayer> = {}): PolicyLayer => ({
  of: "workspace",
  name: "demo",
  rules,
  ...layer,
});

/** `ok`, or the rule that refuses. */
function verdict(layers: readonly PolicyLayer[], act: PolicyAct): string {
  return createPolicy(layers).decide(act)?.rule ?? "ok";
}

describe("what the rules of one layer let pass", () => {
  test.each<[PolicyRules, string, string, string, string]>([
    // rules, path, and the verdicts for see, read and write
    [{}, "src/main.ts", "ok", "ok ok", "nothing is set"],
    [{}, ".env", "ok", "sensitivePaths sensitivePaths", "a secret is seen but neither read nor written"],
    [{}, ".env.example", "ok", "ok ok", "what shows how variables look is no secret"],
    [{}, ".env.example/.env", "ok", "sensitivePaths sensitivePaths", "its name alone is harmless, not what is below"],
    [{}, ".env.d/.env.sample", "ok", "sensitivePaths sensitivePaths", "nor does it free what it lies in"],
    [{}, "src/secretsantas.ts", "ok", "ok ok", "a segment is matched, never a part of one"],
    [{}, "src/.environment.ts", "ok", "ok ok", "a segment is matched, never its beginning"],
    [{}, "monkey/keyboard.ts", "ok", "ok ok", "an ending is matched with its dot"],
    [{}, ".git/HEAD", "ok", "ok git", "git's own is read and not written"],
    [{}, ".git", "ok", "ok git", "also the directory itself"],
    [{}, ".gitignore", "ok", "ok ok", "what only begins like git's own is not"],
    [{ sensitivePaths: false }, ".env", "ok", "ok ok", "protection given up"],
    [{ sensitivePaths: false }, ".git/config", "ok", "ok git", "what only git writes stays so"],
    [{ readOnly: true }, "src/main.ts", "ok", "ok readOnly", "read-only"],
    [{ allowedPaths: ["src/**"] }, "src/a/b.ts", "ok", "ok ok", "below an allowed directory"],
    [{ allowedPaths: ["src"] }, "src/a/b.ts", "ok", "ok ok", "a directory stands for what is below"],
    [{ allowedPaths: ["src"] }, "src", "ok", "ok ok", "the directory itself"],
    [
      { allowedPaths: ["src"] },
      "srcs/a.ts",
      "allowedPaths",
      "allowedPaths allowedPaths",
      "not a name that begins alike",
    ],
    [{ allowedPaths: ["src"] }, "lib/src/a.ts", "allowedPaths", "allowedPaths allowedPaths", "from the top"],
    [{ allowedPaths: ["src"] }, "SRC/a.ts", "allowedPaths", "allowedPaths allowedPaths", "letters as they are"],
    [
      { allowedPaths: ["packages/api/src"] },
      "packages",
      "ok",
      "allowedPaths allowedPaths",
      "the way there is seen only",
    ],
    [{ allowedPaths: ["packages/api/src"] }, "", "ok", "allowedPaths allowedPaths", "also the top"],
    [{ allowedPaths: ["packages/*/src"] }, "packages/api/src/x", "ok", "ok ok", "any one directory"],
    [
      { allowedPaths: ["packages/*/src"] },
      "packages/a/b/src/x",
      "allowedPaths",
      "allowedPaths allowedPaths",
      "but one",
    ],
    [{ allowedPaths: ["**/test"] }, "a/b/test/x", "ok", "ok ok", "any number of directories"],
    [{ allowedPaths: ["**/test"] }, "test/x", "ok", "ok ok", "also none"],
    [{ allowedPaths: ["*.md"] }, "README.md", "ok", "ok ok", "by its ending"],
    [{ allowedPaths: ["*.md"] }, "docs/README.md", "allowedPaths", "allowedPaths allowedPaths", "at the top only"],
    [{ allowedPaths: ["**/*.md"] }, "docs/README.md", "ok", "ok ok", "anywhere"],
    [{ allowedPaths: ["v?"] }, "v1/x", "ok", "ok ok", "any one character"],
    [{ allowedPaths: ["v?"] }, "v10/x", "allowedPaths", "allowedPaths allowedPaths", "but one"],
    [{ allowedPaths: ["a+(b)[c]"] }, "a+(b)[c]/x", "ok", "ok ok", "all else is itself"],
    [{ allowedPaths: [""] }, "anything", "ok", "ok ok", "the top stands for everything"],
    [{ allowedPaths: [] }, "anything", "allowedPaths", "allowedPaths allowedPaths", "an empty list allows nothing"],
    [
      { allowedPaths: ["**"] },
      ".env",
      "ok",
      "sensitivePaths sensitivePaths",
      "to allow a place gives up no protection",
    ],
    [{ writablePaths: ["docs"] }, "docs/a.md", "ok", "ok ok", "writable"],
    [{ writablePaths: ["docs"] }, "src/a.ts", "ok", "ok writablePaths", "read, but not written"],
    [{ writablePaths: ["docs"] }, "", "ok", "ok writablePaths", "the way there is not writable"],
    [
      { allowedPaths: ["src"], writablePaths: ["docs"] },
      "docs/a",
      "allowedPaths",
      "allowedPaths allowedPaths",
      "both count",
    ],
    [{ hiddenPaths: ["private"] }, "private", "hiddenPaths", "hiddenPaths hiddenPaths", "hidden"],
    [{ hiddenPaths: ["private"] }, "private/a/b", "hiddenPaths", "hiddenPaths hiddenPaths", "with what is below"],
    [{ hiddenPaths: ["private"] }, "privateer", "ok", "ok ok", "not a name that begins alike"],
    [
      { hiddenPaths: ["caf\u00e9"] },
      "cafe\u0301/a",
      "hiddenPaths",
      "hiddenPaths hiddenPaths",
      "however it is composed",
    ],
    [{ hiddenPaths: ["cafe\u0301"] }, "caf\u00e9", "hiddenPaths", "hiddenPaths hiddenPaths", "either way"],
    [{ hiddenPaths: ["**/*.sql"] }, "db/dump.sql", "hiddenPaths", "hiddenPaths hiddenPaths", "by its ending"],
    [
      { hiddenPaths: ["src/gen"], allowedPaths: ["src"] },
      "src/gen/x",
      "hiddenPaths",
      "hiddenPaths hiddenPaths",
      "within",
    ],
  ])("%j on '%s': seen %s, read and written %s: %s", (rules, path, see, others) => {
    const layers = [of(rules)];
    expect(verdict(layers, { act: "see", path })).toBe(see);
    expect([verdict(layers, { act: "read", path }), verdict(layers, { act: "write", path })].join(" ")).toBe(others);
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

describe("layers are merged by what every one of them lets pass", () => {
  const repository = { of: "repository", name: "git.example.com/acme/shop" } as const;
  const token = { of: "token", name: "nightly" } as const;
  test.each<[PolicyLayer[], PolicyAct, string, string]>([
    [
      [of({ allowedPaths: ["src"] }), of({ allowedPaths: ["src/api"] }, token)],
      { act: "read", path: "src/api/x" },
      "ok",
      "",
    ],
    [
      [of({ allowedPaths: ["src"] }), of({ allowedPaths: ["**"] }, token)],
      { act: "read", path: "docs/x" },
      "allowedPaths",
      "workspace demo",
    ],
    [
      [of({ allowedPaths: ["src"] }), of({ allowedPaths: ["src/api"] }, token)],
      { act: "read", path: "src/x" },
      "allowedPaths",
      "token nightly",
    ],
    [
      [of({ readOnly: true }, repository), of({ readOnly: false })],
      { act: "write", path: "x" },
      "readOnly",
      "repository git.example.com/acme/shop",
    ],
    [
      [of({ push: false }, repository), of({ push: true }, token)],
      { act: "push" },
      "push",
      "repository git.example.com/acme/shop",
    ],
    [
      [of({ fixedBranch: "a" }), of({ fixedBranch: "b" }, token)],
      { act: "branch", branch: "a" },
      "fixedBranch",
      "token nightly",
    ],
    [
      [of({ fixedBranch: "a" }), of({ fixedBranch: "b" }, token)],
      { act: "branch", branch: "b" },
      "fixedBranch",
      "workspace demo",
    ],
    [[of({ sensitivePaths: false })], { act: "read", path: ".env" }, "ok", ""],
    [[of({ sensitivePaths: false }, token)], { act: "read", path: ".env" }, "sensitivePaths", "default"],
    [
      [of({ sensitivePaths: false }), of({ sensitivePaths: true }, token)],
      { act: "read", path: ".env" },
      "sensitivePaths",
      "token nightly",
    ],
    [
      [of({ sensitivePaths: true }, repository), of({ sensitivePaths: false })],
      { act: "read", path: ".env" },
      "sensitivePaths",
      "repository git.example.com/acme/shop",
    ],
  ])("%j on %j: %s %s", (layers, act, rule, setBy) => {
    const refused = createPolicy(layers).decide(act);
    expect([refused?.rule ?? "ok", refused?.setBy ?? ""]).toEqual([rule, setBy]);
  });

  const pattern = fc
    .array(fc.oneof(fc.constantFrom("**", "*", "a*", "?"), fc.constantFrom("a", "b", "ab", ".env", ".git")), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join("/"));
  const path = fc
    .array(fc.constantFrom("a", "b", "ab", "c", ".env", ".git", "config"), { maxLength: 5 })
    .map((parts) => parts.join("/"));
  const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
  const rules = fc
    .record({
      readOnly: some(fc.boolean()),
      allowedPaths: some(fc.array(pattern, { maxLength: 3 })),
      writablePaths: some(fc.array(pattern, { maxLength: 3 })),
      hiddenPaths: some(fc.array(pattern, { maxLength: 2 })),
      fixedBranch: some(fc.constantFrom("main", "dev")),
      commit: some(fc.boolean()),
      push: some(fc.boolean()),
    })
    .map(
      (given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as PolicyRules,
    );
  const act: fc.Arbitrary<PolicyAct> = fc.oneof(
    fc.record({
      act: fc.constantFrom("see" as const, "read" as const, "write" as const, "move" as const, "carry" as const),
      path,
    }),
    fc.record({ act: fc.constant("branch" as const), branch: fc.constantFrom("main", "dev") }),
    fc.record({ act: fc.constantFrom("commit" as const, "push" as const, "change" as const) }),
  );

  test("two layers let pass exactly what each of them does, in whatever order", () => {
    fc.assert(
      fc.property(rules, rules, act, (one, other, asked) => {
        const a = of(one);
        const b = of(other, token);
        const expected = verdict([a], asked) === "ok" && verdict([b], asked) === "ok";
        expect(verdict([a, b], asked) === "ok").toBe(expected);
        expect(verdict([b, a], asked) === "ok").toBe(expected);
      }),
    );
  });

  test("what can be written can be read, and what can be read can be seen with the whole way there", () => {
    fc.assert(
      fc.property(rules, path, (one, asked) => {
        const can = (kind: "see" | "read" | "write" | "move" | "carry", at: string): boolean =>
          verdict([of(one)], { act: kind, path: at }) === "ok";
        if (can("move", asked)) expect(can("write", asked)).toBe(true);
        if (can("write", asked)) expect(can("carry", asked)).toBe(true);
        if (can("write", asked)) expect(can("read", asked)).toBe(true);
        if (!can("read", asked)) return;
        const segments = asked.split("/");
        for (let depth = 0; depth <= segments.length; depth++)
          expect(can("see", segments.slice(0, depth).join("/"))).toBe(true);
      }),
    );
  });

  test("what is hidden is hidden with everything below", () => {
    fc.assert(
      fc.property(rules, path, path, (one, above, below) => {
        if (createPolicy([of(one)]).decide({ act: "see", path: above })?.rule !== "hiddenPaths") return;
        expect(
          verdict([of(one)], { act: "see", path: [above, below].filter((part) => part !== "").join("/") }),
        ).not.toBe("ok");
      }),
    );
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
