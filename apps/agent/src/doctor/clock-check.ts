import { fine, type Finding } from "./finding.ts";

/** A clock that is asked, and is not this process's. */
export interface OtherClock {
  /** As it is called in a sentence. */
  name: string;
  /** Milliseconds since the epoch, as exact as a second; undefined where it says nothing. Rejects where it is not reached, which is no finding about clocks. */
  read: () => Promise<number | undefined>;
}

/** A signed request to GitHub may be from no more than a minute ahead. */
const WARN_MS = 30_000;
const FAIL_MS = 300_000;
/** The `Date` of an answer has no more than whole seconds. */
const EXACT_MS = 1_000;

/** Compares this machine's clock with others; tokens end, and forges believe an app, by it. */
export async function checkClock(others: readonly OtherClock[], now: () => number): Promise<Finding | undefined> {
  const asked = await Promise.all(
    others.map(async ({ name, read }) => {
      const before = now();
      const theirs = await read().catch(() => undefined);
      return theirs === undefined ? undefined : { name, off: distance(theirs, before, now()) };
    }),
  );
  const heard = asked.filter((each) => each !== undefined);
  if (heard.length === 0) return undefined;
  const worst = heard.reduce((most, each) => (Math.abs(each.off) > Math.abs(most.off) ? each : most));
  const off = Math.abs(worst.off);
  if (off < WARN_MS) return fine(`This machine's clock agrees with ${heard.map(({ name }) => name).join(", ")}.`);
  const amount = off < 120_000 ? `${Math.round(off / 1_000)} seconds` : `${Math.round(off / 60_000)} minutes`;
  return {
    status: off < FAIL_MS ? "warn" : "fail",
    message: `This machine's clock is ${amount} ${worst.off > 0 ? "behind" : "ahead of"} that of ${worst.name}.`,
    next: "Set it by the network: timedatectl set-ntp true.",
  };
}

/** How far a clock is ahead of ours (below zero: behind), at the least: it was read at some instant between these two. */
function distance(theirs: number, before: number, after: number): number {
  if (theirs > after) return theirs - after;
  return theirs + EXACT_MS < before ? theirs + EXACT_MS - before : 0;
}
