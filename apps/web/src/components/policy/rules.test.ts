import { policyRules } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { formOf, ruleChange, RULES } from "./rules.ts";

test("Each rule of the contract has its field", () => {
  expect(RULES.map(({ key }) => key).sort()).toEqual(Object.keys(policyRules.shape).sort());
});

test("A form that was not touched changes nothing", () => {
  const rules = { readOnly: true, push: false, commands: ["git", "npm"], fixedBranch: "docs", hiddenPaths: [] };
  expect(ruleChange(formOf(rules), rules)).toEqual({});
});

test("What is switched on is set, what goes back to how it is by itself is taken back", () => {
  const before = { readOnly: true, push: false, commands: ["git"] };
  const form = {
    ...formOf(before),
    readOnly: false,
    push: true,
    commit: false,
    commands: "",
    allowedPaths: " src/** ,docs\n",
  };
  expect(ruleChange(form, before)).toEqual({
    set: { commit: false, allowedPaths: ["src/**", "docs"] },
    unset: ["readOnly", "push", "commands"],
  });
});
