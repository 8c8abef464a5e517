/**
 * The two links of a worker. What is large has one of its own: a keystroke would otherwise wait behind everything of it that
 * is already on its way.
 */
export const LANES = ["interactive", "bulk"] as const;
export type Lane = (typeof LANES)[number];

/**
 * How much of one stream may be under way that nobody has read, in bytes; and how many streams a link has at once. Together
 * they are what readers who stall can take of either agent's memory.
 */
export const LIMITS: Readonly<Record<Lane, { windowBytes: number; streams: number }>> = {
  interactive: { windowBytes: 128 * 1024, streams: 1_000 },
  bulk: { windowBytes: 1024 * 1024, streams: 100 },
};

export function isLane(text: string | null): text is Lane {
  return LANES.some((lane) => lane === text);
}
