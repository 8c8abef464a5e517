import { WsError } from "@ws/workspace-core";

export interface TtlLimits {
  defaultSeconds: number;
  maxSeconds: number;
}

export const TTL_LIMITS: TtlLimits = { defaultSeconds: 3_600, maxSeconds: 28_800 };

/** Milliseconds. Throws `invalid_input` naming `ttlSeconds` where it is no whole number of seconds within the limit. */
export function ttlMs(seconds: number | undefined, { defaultSeconds, maxSeconds }: TtlLimits): number {
  const asked = seconds ?? Math.min(defaultSeconds, maxSeconds);
  if (Number.isSafeInteger(asked) && asked > 0 && asked <= maxSeconds) return asked * 1_000;
  throw new WsError("invalid_input", {
    message:
      asked > maxSeconds
        ? `A git credential lasts ${maxSeconds} seconds at most: ttlSeconds is ${asked}.`
        : `ttlSeconds has to be a whole number of seconds above 0, not ${asked}.`,
    next: `Ask for 1 to ${maxSeconds} seconds; a grant that renews goes on by itself.`,
    data: { field: "ttlSeconds" },
  });
}
