import type { Loss, Problem, StopReason } from "./state.ts";

/** One try to open something. Once it was given up, what it tells is not heard. */
export interface Attempt {
  /** Somebody is there; how long the rest takes is the attempt's own affair. */
  answered(): void;
  /** The agent accepted it. */
  up(): void;
  /** It failed, or what was open broke; another one follows when it is time. */
  lost(loss: Loss): void;
}

/** One thing that is kept open: an event stream, a terminal. */
export interface Link {
  /** It is not wanted any more. */
  close(): void;
}

export interface LinkOptions {
  /** Makes one attempt; what is returned gives it up, or closes what it opened, without a word. */
  open: (attempt: Attempt) => () => void;
  /** The token is refused; there will be no further attempt. */
  stopped?: (reason: StopReason, problem: Problem) => void;
}
