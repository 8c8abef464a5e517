import { setTimeout as delay } from "node:timers/promises";

/** Does one thing and resolves to what it measured; what it does before and after counts only where it says so. */
export type Sampler = (signal: AbortSignal) => Promise<number>;

export interface Series {
  ours: Sampler;
  peer?: Sampler | undefined;
  /** Samples of each; what comes before them in `warmups` is thrown away. */
  rounds: number;
  warmups?: number;
  /** Before each turn: what an engine tidies up after a command would otherwise be measured with the next one. */
  restMs?: number;
  /** Samples that a side takes in one turn, one right after the other. */
  burst?: number;
  signal: AbortSignal;
}

/**
 * Samples ours and the peer in turns, A B A B: what the machine does meanwhile (other processes, a clock that is turned
 * down, a cache that fills) meets both alike.
 */
export async function interleave({
  ours,
  peer,
  rounds,
  warmups = 1,
  restMs = 0,
  burst = 1,
  signal,
}: Series): Promise<{ ours: number[]; peer: number[] }> {
  const samples = { ours: [] as number[], peer: [] as number[] };
  for (let round = -warmups; round < rounds; round += burst) {
    for (const [side, sample] of Object.entries({ ours, peer }) as ["ours" | "peer", Sampler | undefined][]) {
      if (sample === undefined) continue;
      signal.throwIfAborted();
      if (restMs > 0) await delay(restMs, undefined, { signal });
      for (let count = 0; count < burst; count += 1) {
        const value = await sample(signal);
        if (round >= 0) samples[side].push(value);
      }
    }
  }
  return samples;
}

/** Milliseconds that the work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
