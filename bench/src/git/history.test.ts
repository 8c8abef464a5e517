import { expect, test } from "vitest";
import { generateHistory } from "./history.ts";

test("the history is always the same and of the size that the bars are set for", () => {
  const text = generateHistory();
  expect(text.match(/^commit refs\/heads\/main$/gm)).toHaveLength(5_000);
  expect(new Set(text.match(/^M 100644 inline \S+$/gm)).size).toBe(2_000);
  expect(generateHistory()).toBe(text);
});
