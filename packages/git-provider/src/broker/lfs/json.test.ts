import { expect, test } from "vitest";
import { parseJson } from "./json.ts";

test("a thousand objects with all that a forge says of them are read", () => {
  const action = { href: "https://store.test/a,b,c", expires_in: 600, expires_at: "2030-01-01T00:00:00Z" };
  const header = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`X-Header-${at}`, "a{b[c,d"]));
  const actions = { upload: { ...action, header }, verify: { ...action, header } };
  const objects = Array.from({ length: 1_000 }, (_, at) => ({
    oid: String(at),
    size: 1,
    authenticated: true,
    actions,
  }));
  expect(parseJson(JSON.stringify({ objects }))).toEqual({ objects });
});

test.each([
  ["objects", "{},"],
  ["lists", "[],"],
  ["numbers", "1,"],
  ["names", '"":0,'],
])("more %s than anybody means are not read", (_, each) => {
  expect(() => parseJson(`[${each.repeat(100_001)}`)).toThrow("too many values");
});
