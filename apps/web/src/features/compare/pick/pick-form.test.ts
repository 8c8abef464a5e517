import { expect, test } from "vitest";
import { faultsOf, headline, placeOf, toPickInput } from "./pick-form.ts";

const values = { message: " Mend ", opens: true, title: " Mend it ", body: " ", draft: false, discard: false };
const of = { id: "attempts-1", name: "demo-1" };

test("only what is not committed is committed, and only what was said is sent", () => {
  expect(toPickInput(values, { ...of, commits: true })).toEqual({
    ...of,
    discard: false,
    commitMessage: "Mend",
    pullRequest: { title: "Mend it", draft: false },
  });
  const plain = toPickInput({ ...values, opens: false, discard: true }, { ...of, commits: false });
  expect(plain).toEqual({ ...of, discard: true });
});

test("what is missing is said of its field, and so is what the worker refuses", () => {
  expect(faultsOf({ ...values, message: " ", title: "" }, true)).toEqual({
    message: "A commit needs a message.",
    title: "A pull request needs a title.",
  });
  expect(faultsOf({ ...values, message: "", title: "", opens: false }, false)).toEqual({});
  expect(["uncommitted_work", "pull_request_refused", "toString"].map((code) => placeOf({ code }))).toEqual([
    "message",
    "title",
    undefined,
  ]);
});

test("a prompt of many lines has a headline", () => {
  expect(headline("\n Make it so\nand more")).toBe("Make it so");
  expect(headline("x".repeat(200))).toHaveLength(120);
});
