import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createTitle, TOLD_EVERY_MS } from "./title.ts";

function titled() {
  const clock = createManualClock();
  const closing = new AbortController();
  let told = 0;
  const title = createTitle({ clock, signal: closing.signal, changed: () => (told += 1) });
  return { clock, closing, title, told: () => told };
}

test.each([
  ["~/shop: vim", "~/shop: vim"],
  ["  two\n lines\t", "two\uFFFD lines"],
  ["\u001b[2Jcleared\u009b0m", "\uFFFD[2Jcleared\uFFFD0m"],
  ["gpj.\u202Etxt", "gpj.\uFFFDtxt"],
  ["a\u200Bb\u2066c", "a\uFFFDb\uFFFDc"],
  ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
  ["x".repeat(10_000_000), "x".repeat(80)],
])("A title is text on one line, of a length that can be shown: %.40j (row 8, OSC)", (said, shown) => {
  const { title } = titled();
  title.said(said);
  expect(title.text()?.replace(/\uFFFD+$/, "")).toBe(shown);
});

test("A program that changes its title without end has it told once in a while, and the last one in the end", async () => {
  const { clock, title, told } = titled();
  for (let round = 0; round < 10_000; round += 1) title.said(`round ${round}`);
  expect(told()).toBe(1);
  clock.advance(TOLD_EVERY_MS);
  await expect.poll(told).toBe(2);
  expect(title.text()).toBe("round 9999");
  clock.advance(TOLD_EVERY_MS);
  title.said("round 9999");
  title.said("round 10000");
  await expect.poll(told).toBe(3);
});

test("An empty title is none, and one of a terminal that nobody follows any more is not told", () => {
  const { closing, title, told } = titled();
  title.said("vim");
  title.said("");
  expect(title.text()).toBeUndefined();
  closing.abort();
  title.said("after");
  expect(told()).toBe(1);
});
