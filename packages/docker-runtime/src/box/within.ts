import { type Clock, inTime } from "@ws/workspace-core";

/** How long an engine may take to let us in; it may be silent rather than gone. */
export const OPEN_TIMEOUT_MS = 15_000;

/** Runs work under a signal that also fires when it takes too long. */
export async function within<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return inTime(clock, { ms, signal, late: (cause) => new Error(`no answer within ${ms} ms`, { cause }) }, work);
}
