import { WsError } from "@ws/workspace-core";

/** How many SSH connections each person has open, whichever way they came. */
export interface Crowd {
  /** One more, until what is returned is called. Throws `too_many_requests`. */
  enter(who: string): () => void;
}

/** An editor has two or three, a script that copies in parallel some more. */
export const MOST_CONNECTIONS = 32;

export function createCrowd(): Crowd {
  const open = new Map<string, number>();
  return {
    enter(who) {
      const count = open.get(who) ?? 0;
      if (count >= MOST_CONNECTIONS) {
        throw new WsError("too_many_requests", {
          message: `${MOST_CONNECTIONS} SSH connections of yours are open on this worker already.`,
          next: "End some, or have several commands share one: 'ControlMaster auto' and 'ControlPath' in ~/.ssh/config.",
          data: { retryAfterSeconds: 1 },
        });
      }
      open.set(who, count + 1);
      let hasLeft = false;
      return () => {
        if (hasLeft) return;
        hasLeft = true;
        const left = (open.get(who) ?? 1) - 1;
        if (left === 0) open.delete(who);
        else open.set(who, left);
      };
    },
  };
}
