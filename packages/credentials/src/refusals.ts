import { createHash } from "node:crypto";
import type { Clock } from "@ws/workspace-core";

/** A forge may refuse for a moment what is good; asked again and again with what is not, it locks its owner out. */
const LASTS_MS = 60_000;

/** Which passwords a forge has refused within a minute, and for what; only their digests are kept. */
export interface Refusals {
  add(place: string, password: string): void;
  has(place: string, password: string): boolean;
  /** What was refused there may be tried again. */
  forget(place: string): void;
  /** When it was refused last, wherever that was; also longer ago. Milliseconds since the epoch. */
  lastOf(password: string): number | undefined;
}

export function createRefusals(clock: Pick<Clock, "monotonic" | "now">): Refusals {
  const refused = new Map<string, Map<string, number>>();
  const last = new Map<string, number>();
  return {
    add(place, password) {
      last.set(digest(password), clock.now());
      refused.set(place, (refused.get(place) ?? new Map<string, number>()).set(digest(password), clock.monotonic()));
    },
    has(place, password) {
      const at = refused.get(place)?.get(digest(password));
      return at !== undefined && clock.monotonic() - at < LASTS_MS;
    },
    forget(place) {
      refused.delete(place);
    },
    lastOf: (password) => last.get(digest(password)),
  };
}

function digest(password: string): string {
  return createHash("sha256").update(password).digest("base64");
}
