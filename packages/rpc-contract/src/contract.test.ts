import { getEventIteratorSchemaDetails, isContractProcedure } from "@orpc/contract";
import { expect, test } from "vitest";
import { z } from "zod";
import { contract } from "./contract.ts";
import { createInput } from "./workspaces.ts";

interface Named {
  name: string;
  output: Parameters<typeof getEventIteratorSchemaDetails>[0];
  route: { method?: string; path?: string; summary?: string; description?: string };
}

function procedures(router: object, prefix = ""): Named[] {
  return Object.entries(router).flatMap(([key, value]: [string, object]) =>
    isContractProcedure(value)
      ? [{ name: `${prefix}${key}`, route: value["~orpc"].route, output: value["~orpc"].outputSchema }]
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

test("what is streamed is JSON as it is: events are sent as they are told, once for all who listen", () => {
  const streams = procedures(contract).flatMap(({ name, output }) => {
    const details = getEventIteratorSchemaDetails(output);
    return details === undefined ? [] : [{ name, yields: details.yields as z.ZodType }];
  });
  expect(streams.map(({ name }) => name)).toContain("workspaces.events");
  // Throws for what JSON has no word for, such as an instant that is no text.
  for (const { yields } of streams) expect(() => z.toJSONSchema(yields, { io: "output" })).not.toThrow();
  expect(() => z.toJSONSchema(z.object({ at: z.date() }), { io: "output" })).toThrow();
});
