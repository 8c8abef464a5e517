import { AGAIN, toWsError, WsError } from "./errors.ts";

/** Throws `aborted`, or the domain error that the signal was aborted with. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortedError(signal.reason);
}

/** What work throws that was ended by its signal: `aborted`, or the domain error that the signal was aborted with. */
export function abortedError(reason: unknown, message = "The operation was cancelled."): WsError {
  if (reason instanceof WsError) return reason;
  const error = toWsError(reason);
  return error.code === "aborted" ? error : new WsError("aborted", { message, next: AGAIN, data: {}, cause: reason });
}

/** What the work gives, or `aborted` as soon as the signal says so; the work itself goes on. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const cut = Promise.withResolvers<never>();
  const abort = (): void => cut.reject(abortedError(signal.reason));
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  try {
    // The race hears both, so that work which fails after the signal leaves no rejection unheard.
    return await Promise.race([cut.promise, work]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
