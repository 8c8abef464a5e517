import type { ServerResponse } from "node:http";

/** Aborts once whoever waits for this response has gone, or has all of it. */
export function untilLeft(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  if (response.closed) left.abort();
  else response.once("close", () => left.abort());
  return left.signal;
}
