import { orAborted } from "./aborted.ts";
import type { Clock } from "./ports.ts";
import { inTime } from "./time-limit.ts";

/** What is cancelled ends its processes first, with a grace of two seconds. */
const PATIENCE_MS = 5_000;

/**
 * What work in a workspace gives. Once it is cancelled it has a moment to end as it should, and is then left to itself with
 * `aborted`: the workspace, which may hold it up for ever, is about to be stopped or removed.
 */
export async function orGivenUp<T>(clock: Pick<Clock, "sleep">, work: Promise<T>, signal: AbortSignal): Promise<T> {
  const cancelled = orAborted(new Promise<never>(() => undefined), signal);
  try {
    return await Promise.race([work, cancelled]);
  } catch (error) {
    if (!signal.aborted) throw error;
    return await inTime(clock, { ms: PATIENCE_MS, late: () => error }, () => work);
  }
}
