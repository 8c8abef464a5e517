import { expect, test } from "vitest";
import { compareAddress } from "./compare-address.ts";

test.each([
  ["attempts-0123456789ab", "/compare/attempts-0123456789ab"],
  ["attempts-../../x", undefined],
  ["release", undefined],
  [undefined, undefined],
])("the execution %j is compared at %j", (execution, address) => {
  expect(compareAddress(execution)).toBe(address);
});
