import { toWsError, WsError } from "./errors.ts";

/** Throws `aborted`, or the domain error that the signal was aborted with. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortedError(signal.reason);
}

/** What work throws that was ended by its signal: `aborted`, or the domain error that the signal was aborted with. */
export function abortedError(reason: unknown, message = "The operation was cancelled."): WsError {
  if (reason instanceof WsError) return reason;
  const error = toWsError(reason);
  return error.code === "aborted" ? error : new WsError("aborted", { message, data: {}, cause: reason });
}
