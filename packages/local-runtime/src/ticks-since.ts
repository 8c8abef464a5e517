import type { ProcessEntry } from "./processes.ts";

/**
 * Processor time of a place's processes between two lists of them. What a process had that ended is in the number of the one that
 * waited for it, so what was counted of it before is taken away again there. What its first process waits for was left by others, and
 * is not counted then: nobody knows how much of it was already.
 */
export function ticksSince(
  before: readonly ProcessEntry[],
  now: readonly ProcessEntry[],
  first: ProcessEntry["pid"],
): number {
  const earlier = new Map(before.map((entry) => [keyOf(entry), entry]));
  const later = new Set(now.map(keyOf));
  const there = new Set(now.map(({ pid }) => pid));
  const total = ({ pid, ticks }: ProcessEntry): number => ticks.own + (pid === first ? 0 : ticks.waited);
  let sum = 0;
  for (const entry of now) {
    const known = earlier.get(keyOf(entry));
    sum += total(entry) - (known === undefined ? 0 : total(known));
  }
  for (const entry of before) {
    const { parent } = entry;
    if (!later.has(keyOf(entry)) && there.has(parent) && parent !== first) sum -= total(entry);
  }
  // One that does not wait for what it began leaves that to nobody.
  return Math.max(0, sum);
}

/** A number is given to another process some time. */
function keyOf({ pid, startTime }: ProcessEntry): string {
  return `${pid}.${startTime}`;
}
