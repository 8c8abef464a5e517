import { createHash } from "node:crypto";

/** Which passwords a forge has refused, and for what; only their digests are kept. */
export interface Refusals {
  add(place: string, password: string): void;
  has(place: string, password: string): boolean;
  /** What was refused there may be tried again. */
  forget(place: string): void;
}

export function createRefusals(): Refusals {
  const refused = new Map<string, Set<string>>();
  return {
    add(place, password) {
      refused.set(place, (refused.get(place) ?? new Set()).add(digest(password)));
    },
    has: (place, password) => refused.get(place)?.has(digest(password)) === true,
    forget(place) {
      refused.delete(place);
    },
  };
}

function digest(password: string): string {
  return createHash("sha256").update(password).digest("base64");
}
