/** How many rounds a proof runs: a few in every test run, the full figure in a soak. */
export function rounds(usual: number, soak: number): number {
  return process.env["WS_SOAK"] === undefined ? usual : soak;
}

/** How long a test of so many rounds may take, on a machine that does much else. */
export function timeFor(count: number): number {
  return 270_000 + count * 30_000;
}

/** Numbers from 0 up to 1, the same for the same seed: a failing round can be run again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
