import type { Bar } from "./bars.ts";
import type { Better } from "./figures.ts";
import type { Peers } from "./peers.ts";
import type { Workers } from "./worker/workers.ts";

/** One measurement. */
export interface Row {
  /** As in `--only`. */
  name: string;
  /** What is measured, in a few words. */
  title: string;
  /** Too slow for every run: only where it is named. */
  onDemand?: true;
  /** More than the three minutes that a row has otherwise. */
  limitMs?: number;
  /** Throws `NotAvailable` where the part it measures, or what that part needs, is not on this machine. */
  measure: (context: Context) => Promise<Measured>;
}

export interface Context {
  signal: AbortSignal;
  /** What is disposed here is disposed when the row ends, however it ends. */
  cleanup: AsyncDisposableStack;
  workers: Workers;
  peers: Peers;
  /** A line for the person who waits. */
  say: (line: string) => void;
}

export interface Measured {
  unit: string;
  better?: Better;
  ours: readonly number[];
  peer?: { name: string; samples: readonly number[] };
  bar: Bar;
}
