/** Tokens as they are paid for: no kind is part of another. */
export interface TokenCounts {
  input: number;
  /** With what the model only thought. */
  output: number;
  cacheRead: number;
  /** Into a cache of the usual life, a few minutes. */
  cacheWrite: number;
  /** Into one that is kept for an hour, which some sell at another price. */
  cacheWriteLong: number;
}

/** One answer of a model, as a coding tool wrote it down: nothing of what was said. */
export interface UsageEntry {
  /** What the answer is known by, within its workspace and tool: taken in again it is the same one. */
  key: string;
  tool: string;
  /** Empty where the tool does not say it. */
  model: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** The tool's own name for the conversation. */
  session?: string;
  counts: TokenCounts;
  /** Of the output, what the model only thought, where the tool tells it. */
  reasoning: number;
  /** What the tool says that it costs, in US dollars. */
  toldCost?: number;
}

/** What a reader found, before anybody asked whether it can be true. */
export type FoundUsage = Omit<UsageEntry, "at" | "reasoning" | "key" | "model"> & {
  key: string | undefined;
  model: string | undefined;
  at: number;
  reasoning?: number;
};

/** No answer of a model has more: a log that says so is not believed. */
const MOST_TOKENS = 20_000_000;
const MOST_COST = 10_000;
const MODEL = /^[A-Za-z0-9][A-Za-z0-9 ._:/@+[\]-]{0,119}$/;
const KEY = /^[\x21-\x7E]{1,200}$/;
/** A clock inside may be a little ahead. */
const AHEAD_MS = 5 * 60_000;
/** What is older than that when it is first read is not taken in: from then on only sums are kept. */
export const OLDEST_MS = 40 * 86_400_000;

/**
 * What a workspace says is believed within bounds: whole numbers that a model could have come to, an instant that is not to come, names that are names.
 * Undefined for what says nothing, or nothing that can be true.
 */
export function believed(found: FoundUsage, now: number): UsageEntry | undefined {
  const { key, tool, model, session, toldCost } = found;
  if (key === undefined || !KEY.test(key)) return undefined;
  const { input, output, cacheRead, cacheWrite, cacheWriteLong } = found.counts;
  const counts = { input, output, cacheRead, cacheWrite, cacheWriteLong };
  if (!Object.values(counts).every(isCount)) return undefined;
  const all = input + output + cacheRead + cacheWrite + cacheWriteLong;
  if (all === 0 || all > MOST_TOKENS) return undefined;
  if (!Number.isFinite(found.at) || found.at < now - OLDEST_MS || found.at > now + AHEAD_MS) return undefined;
  const { reasoning = 0 } = found;
  const isCost = toldCost !== undefined && Number.isFinite(toldCost) && toldCost >= 0 && toldCost <= MOST_COST;
  return {
    key,
    tool,
    model: model !== undefined && MODEL.test(model) ? model : "",
    at: Math.min(Math.trunc(found.at), now),
    ...(session === undefined || !KEY.test(session) ? {} : { session }),
    counts,
    reasoning: isCount(reasoning) ? Math.min(reasoning, output) : 0,
    ...(isCost ? { toldCost } : {}),
  };
}

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 0;
}

/** How much the model was shown: what decides about a price for long contexts. */
export function contextOf({ input, cacheRead, cacheWrite, cacheWriteLong }: TokenCounts): number {
  return input + cacheRead + cacheWrite + cacheWriteLong;
}
