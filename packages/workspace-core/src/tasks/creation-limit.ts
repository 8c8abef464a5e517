import { WsError } from "../errors.ts";
import type { Clock } from "../ports.ts";

const MOST = 60;
const WITHIN_MS = 60_000;

/** Counts what each creator has created in the last minute. */
export interface CreationLimit {
  /** Throws `too_many_requests` where it was as many as may be. */
  count(creator: string): void;
}

export function createCreationLimit(clock: Pick<Clock, "monotonic">): CreationLimit {
  const created = new Map<string, number[]>();
  return {
    count(creator) {
      const now = clock.monotonic();
      for (const [other, times] of created) if (now - (times.at(-1) ?? 0) >= WITHIN_MS) created.delete(other);
      const recent = (created.get(creator) ?? []).filter((at) => now - at < WITHIN_MS);
      created.set(creator, recent);
      const [first = now] = recent;
      if (recent.length >= MOST) throw tooMany(Math.ceil((first + WITHIN_MS - now) / 1_000));
      recent.push(now);
    },
  };
}

function tooMany(retryAfterSeconds: number): WsError<"too_many_requests"> {
  return new WsError("too_many_requests", {
    message: `One token may create ${MOST} tasks a minute.`,
    next: `Go on in ${retryAfterSeconds} s.`,
    data: { retryAfterSeconds },
  });
}
