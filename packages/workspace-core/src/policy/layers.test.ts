import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layerOf as of, verdict } from "../testing/policy-verdict.ts";
import type { PolicyAct, PolicyLayer } from "./layers.ts";
import { createPolicy } from "./policy.ts";
import type { PolicyRules } from "./rules.ts";

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
