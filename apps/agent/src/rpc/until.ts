import type { RequestContext, Services } from "./context.ts";

/** Aborts with the request, with the caller's token and with the agent: for what may last. */
export function untilGone(
  { closing }: Pick<Services, "closing">,
  { caller }: RequestContext,
  signal: AbortSignal | undefined,
): AbortSignal {
  const signals = [closing, signal, caller?.token?.gone];
  return AbortSignal.any(signals.filter((known) => known !== undefined));
}
