import { expect, test } from "vitest";
import { createDrafts } from "./drafts.ts";

const draft = { text: "new", base: "old", version: "1" };

test("What is edited is kept by workspace, and the same map is given until one changes", () => {
  const drafts = createDrafts();
  let told = 0;
  drafts.subscribe(() => (told += 1));
  drafts.keep("a", "x", draft);
  expect(drafts.of("a")).toBe(drafts.of("a"));
  expect([drafts.of("a").get("x"), drafts.of("b").size, drafts.any(), told]).toEqual([draft, 0, true, 1]);
  drafts.drop("a", "x");
  drafts.drop("a", "x");
  expect([drafts.any(), told]).toEqual([false, 2]);
});

test("A text that is what it was begun from is no draft, unless the file is to be made anew", () => {
  const drafts = createDrafts();
  drafts.keep("a", "x", draft);
  drafts.keep("a", "x", { ...draft, text: "old" });
  expect(drafts.any()).toBe(false);
  drafts.keep("a", "x", { text: "", base: "", version: "absent" });
  expect(drafts.any()).toBe(true);
});

test("A draft follows its file, and those of a folder follow the folder", () => {
  const drafts = createDrafts();
  drafts.keep("a", "src/x", draft);
  drafts.keep("a", "srcs", draft);
  drafts.move("a", "src", "lib");
  expect([...drafts.of("a").keys()]).toEqual(["lib/x", "srcs"]);
});
