import { isContractProcedure } from "@orpc/contract";
import { expect, test } from "vitest";
import { contract } from "./contract.ts";
import { createInput } from "./workspaces.ts";

interface Named {
  name: string;
  route: { method?: string; path?: string; summary?: string; description?: string };
}

function procedures(router: object, prefix = ""): Named[] {
  return Object.entries(router).flatMap(([key, value]: [string, object]) =>
    isContractProcedure(value)
      ? [{ name: `${prefix}${key}`, route: value["~orpc"].route }]
      : procedures(value, `${prefix}${key}.`),
  );
}

test.each(procedures(contract))("$name says what it does, in at most three sentences", ({ route }) => {
  expect(route.summary).toMatch(/^[A-Z][^.]+$/);
  expect(route.description).toMatch(/^([^.]+(\.\w+)*[.]\s?){1,3}$/);
});

test("no two procedures answer at one method and path", () => {
  const addresses = procedures(contract).map(({ route }) => `${route.method} ${route.path}`);
  expect(addresses.filter((address, index) => addresses.indexOf(address) !== index)).toEqual([]);
});

test("a field that nobody knows is refused, so that a typo is no silent default", () => {
  expect(createInput.safeParse({ name: "demo" }).success).toBe(true);
  expect(createInput.safeParse({ name: "demo", brach: "fix" }).success).toBe(false);
});
