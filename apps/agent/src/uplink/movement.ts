import type { Clock } from "@ws/workspace-core";

/** Whether what keeps a link goes on. */
export interface Movement {
  /** It did something. */
  step: () => void;
  /** False where it has begun and has then done nothing for too long. */
  goesOn: () => boolean;
}

export function createMovement(clock: Pick<Clock, "monotonic">): Movement {
  let last: number | undefined;
  return {
    step: () => void (last = clock.monotonic()),
    goesOn: () => last === undefined || clock.monotonic() - last < STUCK_MS,
  };
}

/** An attempt takes at most twenty seconds and is six from the next; a hub is asked every fifteen, and a silent one dropped after forty. */
const STUCK_MS = 90_000;
