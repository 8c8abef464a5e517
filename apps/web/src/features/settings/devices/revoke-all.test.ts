import { expect, test } from "vitest";
import { revokeAll } from "./revoke-all.ts";

const DEVICES = ["a", "b", "c"].map((name) => ({ name }));
const refusal = (code: string) =>
  Object.assign(new Error("No."), { code: "X", status: 403, data: { code, next: "Ask." } });

test("All that can be ended are ended, and those that are left are named", async () => {
  const ended: string[] = [];
  const problem = await revokeAll(DEVICES, async ({ name }) => {
    if (name === "b") throw refusal("forbidden");
    ended.push(name);
  });
  expect(ended).toEqual(["a", "c"]);
  expect(problem).toEqual({ code: "forbidden", message: "Still let in: 'b'. No.", next: "Ask." });
});

test("One that is gone already is ended", async () => {
  expect(await revokeAll(DEVICES, () => Promise.reject(refusal("device_not_found")))).toBeUndefined();
});

test("Of a single one the worker's own words are said", async () => {
  const problem = await revokeAll([{ name: "a" }], () => Promise.reject(refusal("forbidden")));
  expect(problem?.message).toBe("No.");
});
