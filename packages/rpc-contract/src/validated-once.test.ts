import { expect, test } from "vitest";
import { z } from "zod";
import { validatedOnce } from "./validated-once.ts";

test("what was found of an object is found again for the same one, and another is looked at for itself", () => {
  let looked = 0;
  const schema = validatedOnce(z.object({ name: z.string().refine(() => (looked += 1) > 0) }));
  const one = { name: "demo", secret: "s" };
  const found = schema["~standard"].validate(one);
  expect(found).toEqual({ value: { name: "demo" } });
  expect(schema["~standard"].validate(one)).toBe(found);
  expect(looked).toBe(1);
  expect(schema["~standard"].validate({ ...one })).not.toBe(found);
  expect(looked).toBe(2);
});

test("what does not fit is refused each time, also where it is no object", () => {
  const schema = validatedOnce(z.object({ name: z.string() }));
  const wrong = { name: 1 };
  for (const value of [wrong, wrong, null, "text", undefined]) {
    expect(schema["~standard"].validate(value)).toHaveProperty("issues");
  }
});

test("it is described as the schema that it is", () => {
  const schema = z.object({ name: z.string().describe("Its name") });
  expect(z.toJSONSchema(validatedOnce(schema))).toEqual(z.toJSONSchema(schema));
});
