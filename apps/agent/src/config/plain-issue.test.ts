import { expect, test } from "vitest";
import { z } from "zod";
import { plainIssue } from "./plain-issue.ts";

test.each<[z.ZodType, unknown, string]>([
  [z.string().min(1), "", "is empty"],
  [z.string().min(3), "ab", "is too short (at least 3 characters)"],
  [z.string().max(2), "abc", "is too long (at most 2 characters)"],
  [z.array(z.string()).min(1), [], "is empty"],
  [z.array(z.string()).max(1), ["a", "b"], "has too many entries (at most 1)"],
  [z.int(), 1e300, "is too large"],
  [z.number().int().max(65_535), 70_000, "is too large (at most 65535)"],
  [z.number().positive(), 0, "is too small (more than 0)"],
  [z.number(), "abc", "must be a number"],
  [z.int(), 1.5, "must be a whole number"],
  [z.string(), 1, "must be text"],
  [z.boolean(), "x", "must be true or false"],
  [z.string(), undefined, "is missing"],
  [z.enum(["a", "b"]), "c", "must be one of a, b"],
  [z.strictObject({}), { x: 1 }, "has what nothing reads: 'x'"],
  [z.string().regex(/^a$/), "b", "is not in the right form"],
  [z.url(), "b", "is not in the right form"],
  [z.union([z.string(), z.number()]), true, "is not allowed here"],
  [z.string().regex(/^a$/, "must look like a"), "b", "must look like a"],
  [z.string().min(1, "Name it"), "", "is not right: Name it"],
  [z.record(z.string().regex(/^a$/, "is not a name"), z.string()), { b: "x" }, "is not a name"],
])("%# what a schema finds is said plainly", (schema, value, words) => {
  expect(plainIssue(schema.safeParse(value).error?.issues[0])).toBe(words);
});
