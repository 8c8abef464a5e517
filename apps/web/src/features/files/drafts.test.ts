import { expect, test } from "vitest";
import { createDrafts } from "./drafts.ts";

const draft = { text: "new", base: "old", version: "1" };

test("What is edited is kept by workspace, and the same map is given until one changes", () => {
  const drafts = createDrafts();
  let told = 0;
  drafts.subscribe(() => (told += 1));
  drafts.keep("a", "x", draft);
  expect(drafts.of("a")).toBe(drafts.of("a"));
  expect([drafts.of("a").get("x"), drafts.of("b").size, drafts.count(), told]).toEqual([draft, 0, 1, 1]);
  drafts.drop("a", "x");
  drafts.drop("a", "x");
  expect([drafts.count(), told]).toEqual([0, 2]);
});

test("A text that is what it was begun from is no draft, unless the file is to be made anew", () => {
  const drafts = createDrafts();
  drafts.keep("a", "x", draft);
  drafts.keep("a", "x", { ...draft, text: "old" });
  expect(drafts.count()).toBe(0);
  drafts.keep("a", "x", { text: "", base: "", version: "absent" });
  expect(drafts.count()).toBe(1);
});

test("A draft follows its file, and those of a folder follow the folder", () => {
  const drafts = createDrafts();
  drafts.keep("a", "src/x", draft);
  drafts.keep("a", "srcs", draft);
  drafts.move("a", "src", "lib");
  expect([...drafts.of("a").keys()]).toEqual(["lib/x", "srcs"]);
});

test("All that is not saved is counted over the workspaces, and given up at once", () => {
  const drafts = createDrafts();
  drafts.keep("a", "x", draft);
  drafts.keep("a", "y", draft);
  drafts.keep("b", "x", draft);
  let told = 0;
  drafts.subscribe(() => (told += 1));
  expect(drafts.count()).toBe(3);
  drafts.clear();
  expect([drafts.count(), drafts.of("a").size, told]).toEqual([0, 0, 1]);
});
