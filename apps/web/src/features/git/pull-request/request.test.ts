import { expect, test } from "vitest";
import { requestOf } from "./request.ts";

const values = { title: "Add login", body: " \n", base: " ", draft: false, work: "commit" } as const;

test("what was left empty is left to the worker, and what is not committed stays out unless it is wanted", () => {
  expect(requestOf({ ...values, work: "leave" }, true)).toEqual({
    push: true,
    uncommitted: "leave",
    pullRequest: { title: "Add login", draft: false },
  });
});

test("the title is the message of what is committed first, and only where there is something", () => {
  expect(requestOf(values, true)).toMatchObject({ uncommitted: "commit", commitMessage: "Add login" });
  expect(requestOf(values, false)).toMatchObject({ uncommitted: "leave" });
  expect(requestOf({ ...values, body: "Why", base: "main", draft: true }, false).pullRequest).toEqual({
    title: "Add login",
    body: "Why",
    targetBranch: "main",
    draft: true,
  });
});
