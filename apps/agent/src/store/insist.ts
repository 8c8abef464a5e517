import { withRoom } from "./disk-full.ts";
import type { Reserve } from "./reserve.ts";

/**
 * Does what has to be written also on a full disk, on the space that is kept for it: what gives space back or takes rights
 * away, and what lets in whoever does that. Whatever else had it would use it up, and then nothing could be deleted any more.
 */
export type Insist = <T>(work: () => T) => T;

export interface InsistOptions {
  reserve: Reserve;
  /** Gives a part of the space to the work; false where none is left. */
  makeRoom?: () => boolean;
  /** Hears of each work that needed it. */
  told?: () => void;
}

export function createInsist({ reserve, makeRoom = reserve.give, told }: InsistOptions): Insist {
  return (work) => {
    let used = false;
    const make = (): boolean => {
      const made = makeRoom();
      used ||= made;
      return made;
    };
    try {
      return withRoom(work, make);
    } finally {
      if (used) {
        reserve.retake();
        told?.();
      }
    }
  };
}
