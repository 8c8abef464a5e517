import type { Crowd } from "./start-crowd.ts";
import { type Times, timesOf } from "./times.ts";

/** Lets one thing happen after another was heard of by all; how long it took until each had heard. */
export async function hearAll(
  crowd: Crowd,
  titles: readonly string[],
  happen: (title: string, index: number) => Promise<void> | void,
): Promise<Times> {
  const took: number[] = [];
  for (const [index, title] of titles.entries()) {
    const asked = Date.now();
    await happen(title, index);
    let missing = crowd.count;
    while (missing > 0) {
      for (const one of (await crowd.report()).heard) {
        if (one.title !== title) continue;
        missing -= 1;
        took.push(one.at - asked);
      }
    }
  }
  return timesOf(took);
}
