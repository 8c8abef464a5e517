import type { Figures } from "./figures.ts";

export interface Judged {
  ours: Figures;
  peer?: Figures;
  /** Our median over the peer's. */
  ratio?: number;
}

/** What a row has to reach: the words for the table, and the check. */
export interface Bar {
  text: string;
  holds: (judged: Judged) => boolean;
}

export function ratioAtMost(limit: number): Bar {
  return { text: `≤ ${limit}×`, holds: ({ ratio }) => ratio !== undefined && ratio <= limit };
}

export function ratioAtLeast(limit: number): Bar {
  return { text: `≥ ${limit}×`, holds: ({ ratio }) => ratio !== undefined && ratio >= limit };
}

export function medianAtMost(limit: number, unit: string): Bar {
  return { text: `p50 ≤ ${limit} ${unit}`, holds: ({ ours }) => ours.p50 <= limit };
}

export function medianAtLeast(limit: number, unit: string): Bar {
  return { text: `p50 ≥ ${limit} ${unit}`, holds: ({ ours }) => ours.p50 >= limit };
}

export function p95AtMost(limit: number, unit: string): Bar {
  return { text: `p95 ≤ ${limit} ${unit}`, holds: ({ ours }) => ours.p95 <= limit };
}

/** For what can only be added to the peer's time, where a ratio of two small numbers would say nothing. */
export function p95WithinPeerPlus(extra: number, unit: string): Bar {
  return {
    text: `p95 ≤ peer + ${extra} ${unit}`,
    holds: ({ ours, peer }) => peer !== undefined && ours.p95 <= peer.p95 + extra,
  };
}

export function every(...bars: readonly Bar[]): Bar {
  return {
    text: bars.map(({ text }) => text).join(", "),
    holds: (judged) => bars.every((bar) => bar.holds(judged)),
  };
}
