import { setTimeout } from "node:timers/promises";
import type { Clock, Log } from "@ws/workspace-core";

/** For a program that brings no clock. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
};

/** For a program that wants to hear nothing. */
export const QUIET_LOG: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
