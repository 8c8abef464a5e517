import { expect, test } from "vitest";
import { whyReadOnly } from "./why-read-only.ts";

const workspace = { of: "workspace" as const, name: "demo" };
const repository = { of: "repository" as const, name: "github.com/acme/shop" };

test("A rule is named with where it is set and what takes it back", () => {
  expect(whyReadOnly([{ ...workspace, rules: { readOnly: true } }])).toEqual({
    why: "The rule readOnly of the workspace demo is set.",
    next: "ws policy unset demo readOnly",
  });
  expect(
    whyReadOnly([
      { ...workspace, rules: {} },
      { ...repository, rules: { writablePaths: ["docs", "*.md"] } },
    ]),
  ).toEqual({
    why: "The rule writablePaths of the repository github.com/acme/shop lets only docs, *.md be changed.",
    next: "ws policy unset --repository github.com/acme/shop writablePaths",
  });
});

test("What no rule of the layers says is the policy all the same", () => {
  expect(whyReadOnly([]).why).toContain("policy");
});
