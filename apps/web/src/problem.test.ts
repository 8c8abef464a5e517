import { ORPCError } from "@orpc/client";
import { expect, test } from "vitest";
import { PartMissing } from "./part-missing.ts";
import { isUnauthorized, toProblem, under } from "./problem.ts";

test("An agent's error keeps its domain code, its sentence and its next step", () => {
  const error = new ORPCError("CONFLICT", {
    status: 409,
    message: "'demo' is taken.",
    data: { code: "name_taken", next: "Choose another name." },
  });
  expect(toProblem(error)).toEqual({
    code: "name_taken",
    message: "'demo' is taken.",
    next: "Choose another name.",
  });
});

test("Of a refusal whose next step names an option of the command line, the page has a step of its own", () => {
  const error = new ORPCError("CONFLICT", {
    status: 409,
    message: "Nothing was done.",
    data: { code: "uncommitted_work", next: "Commit it first, or say --allow-destructive." },
  });
  expect(toProblem(error).next).toBe("Commit or stash it first.");
});

test("An error without a domain code falls back to the wire code", () => {
  expect(toProblem(new ORPCError("NOT_FOUND", { message: "No such thing." }))).toEqual({
    code: "not_found",
    message: "No such thing.",
  });
});

test("What a title says already does not begin the sentence below it", () => {
  const problem = { code: "commit_failed", message: "Nothing was committed: a hook failed." };
  expect(under("Nothing was committed", problem).message).toBe("A hook failed.");
  expect(under("It was not saved", problem)).toBe(problem);
});

test("A part of the page that did not come is told as that, and not as a worker that does not answer", () => {
  expect(toProblem(new PartMissing(new TypeError("Failed to fetch")))).toMatchObject({
    code: "part_missing",
    next: expect.stringContaining("load the page again"),
  });
});

test("No answer at all is reported as an unreachable worker with the command that checks it", () => {
  expect(toProblem(new TypeError("Failed to fetch"))).toMatchObject({
    code: "unreachable",
    next: "Check that the agent runs: ws agent status.",
  });
});

test("Only a 401 counts as unauthorized", () => {
  expect(isUnauthorized(new ORPCError("UNAUTHORIZED", { status: 401 }))).toBe(true);
  expect(isUnauthorized(new ORPCError("FORBIDDEN", { status: 403 }))).toBe(false);
  expect(isUnauthorized(new TypeError("Failed to fetch"))).toBe(false);
});
