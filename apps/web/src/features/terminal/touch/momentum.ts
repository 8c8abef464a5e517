/** How far a finger went, and how a scroll goes on after it. In pixels and milliseconds. */
export interface Momentum {
  /** The finger is there now. */
  move(y: number, at: number): void;
  /** Pixels that are still to be scrolled in the frame of this time; undefined once it stands still. */
  after(at: number): number | undefined;
}

/** Only what the finger did at the end says how fast it was. */
const LOOKS_BACK_MS = 100;
/** In this time it becomes slower by the factor e. */
const SLOWS_MS = 325;
/** Pixels a millisecond below which it stands still. */
const SLOWEST = 0.02;

export function createMomentum(): Momentum {
  let points: { y: number; at: number }[] = [];
  let speed: number | undefined;
  let last = 0;
  return {
    move(y, at) {
      points = [...points.filter((point) => at - point.at <= LOOKS_BACK_MS), { y, at }];
    },
    after(at) {
      if (speed === undefined) {
        const recent = points.filter((point) => at - point.at <= LOOKS_BACK_MS);
        const [first, final] = [recent[0], recent.at(-1)];
        // A finger that rested before it was lifted throws nothing.
        if (first === undefined || final === undefined || final.at === first.at) return undefined;
        speed = (final.y - first.y) / (final.at - first.at);
        last = final.at;
      }
      const passed = Math.max(0, at - last);
      last = at;
      const before = speed;
      speed *= Math.exp(-passed / SLOWS_MS);
      if (Math.abs(speed) < SLOWEST) return undefined;
      return (before - speed) * SLOWS_MS;
    },
  };
}
